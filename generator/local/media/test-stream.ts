/** The test stream that ships, as an endless row of segments: what is one round in the files goes on for ever. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTrack, segmentAt, type Track } from './track.ts';

/** What playlists and manifests say of a track. */
export interface Rendition {
  name: string;
  kind: 'video' | 'audio';
  /** RFC 6381; a test reads it off the files. */
  codecs: string;
  /** Bits per second of its largest segment, rounded up. */
  bandwidth: number;
  width?: number;
  height?: number;
}

export const RENDITIONS: readonly Rendition[] = [
  { name: 'video-360', kind: 'video', codecs: 'avc1.4d401f', bandwidth: 400_000, width: 640, height: 360 },
  { name: 'video-180', kind: 'video', codecs: 'avc1.4d4015', bandwidth: 120_000, width: 320, height: 180 },
  { name: 'audio', kind: 'audio', codecs: 'mp4a.40.2', bandwidth: 72_000 },
];

/** Seconds of a segment of video. Those of audio end up to a tenth of a second later, since its frames do not divide it. */
export const SEGMENT = 2;

/** Where a segment lies, in units of the timescale of its track. */
export interface Span {
  time: number;
  duration: number;
}

export interface TestStream {
  init(name: string): Buffer | undefined;
  /** Segment of a track, counted from 0. */
  segment(name: string, number: number): Buffer | undefined;
  span(name: string, number: number): Span;
  timescale(name: string): number;
}

/** Segments that are kept as they were made, some MB: players of one channel ask for the same ones. */
const KEPT = 64;

/** `folder` has what `make.sh` makes. */
export async function openTestStream(folder: string): Promise<TestStream> {
  const tracks = new Map<string, Track>();
  for (const { name } of RENDITIONS) tracks.set(name, readTrack(await readFile(join(folder, `${name}.mp4`))));
  const made = new Map<string, Buffer>();
  const known = (name: string): Track => {
    const track = tracks.get(name);
    if (track === undefined) throw new Error(`no track ${name}`);
    return track;
  };
  const find = (track: Track, number: number) => {
    const round = Math.floor(number / track.segments.length);
    const segment = track.segments[number % track.segments.length];
    if (segment === undefined) throw new Error(`no segment ${number}`);
    return { segment, time: round * track.duration + segment.time };
  };
  return {
    init: (name) => tracks.get(name)?.init,
    segment(name, number) {
      const track = tracks.get(name);
      if (track === undefined) return undefined;
      const key = `${name}/${number}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const { segment, time } = find(track, number);
      const bytes = segmentAt(segment, { sequence: number + 1, time });
      made.set(key, bytes);
      const [oldest] = made.keys();
      if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
      return bytes;
    },
    span(name, number) {
      const { segment, time } = find(known(name), number);
      return { time, duration: segment.duration };
    },
    timescale: (name) => known(name).timescale,
  };
}
