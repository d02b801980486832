/** The test stream goes on for ever without a gap, and playlists and manifests say what is there. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { mediaOrigin } from '../../../generator/local/media/media-origin.ts';
import { openTestStream, RENDITIONS, type TestStream } from '../../../generator/local/media/test-stream.ts';
import { readTrack } from '../../../generator/local/media/track.ts';
import { BEGAN } from '../../../generator/local/media/window.ts';
import type { OriginResponse } from '../../../generator/local/origin.ts';
import { root } from '../../helpers/config.ts';
import { describeWith, toolPath } from '../../helpers/needs.ts';

const FOLDER = `${root}/generator/local/media`;
let stream: TestStream;
beforeAll(async () => {
  stream = await openTestStream(FOLDER);
});

describe('the files', () => {
  it('are small', () => {
    const sizes = RENDITIONS.map(({ name }) => statSync(`${FOLDER}/${name}.mp4`).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1.5 * 1024 * 1024);
  });

  it.each(RENDITIONS)('have the codec and size that is said of $name', ({ name, codecs, width, height, bandwidth }) => {
    const file = readFileSync(`${FOLDER}/${name}.mp4`);
    const track = readTrack(file);
    expect(track.duration / track.timescale).toBe(24);
    const largest = Math.max(
      ...track.segments.map(({ bytes, duration }) => (bytes.length * 8 * track.timescale) / duration),
    );
    expect(largest).toBeLessThanOrEqual(bandwidth);
    expect(largest).toBeGreaterThan(bandwidth * 0.7);
    if (width === undefined) return expect(codecs).toBe('mp4a.40.2');
    const avcc = file.indexOf('avcC');
    expect(codecs).toBe(`avc1.${file.subarray(avcc + 5, avcc + 8).toString('hex')}`);
    const avc1 = file.indexOf('avc1', file.indexOf('stsd'));
    expect([file.readUInt16BE(avc1 + 28), file.readUInt16BE(avc1 + 30)]).toEqual([width, height]);
  });
});

describe('the endless row', () => {
  it.each(RENDITIONS)('has no gap in $name, also from round to round', ({ name }) => {
    for (let number = 0; number < 40; number++) {
      const { time, duration } = stream.span(name, number);
      expect(stream.span(name, number + 1).time).toBe(time + duration);
      // Audio may be late by its last frames, never early.
      expect(time / stream.timescale(name) - 2 * number).toBeLessThan(0.1);
      expect(time / stream.timescale(name) - 2 * number).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(RENDITIONS)('writes number and time into segments of $name, and nothing else', ({ name }) => {
    const [near, far] = [stream.segment(name, 3) as Buffer, stream.segment(name, 3 + 12 * 1_000_000) as Buffer];
    const read = (bytes: Buffer) => readTrack(Buffer.concat([stream.init(name) as Buffer, bytes])).segments[0];
    expect(read(far)?.time).toBe(stream.span(name, 12_000_003).time);
    expect(far.readUInt32BE(read(far)?.at.sequence ?? 0)).toBe(12_000_004);
    const differing = [...near].filter((byte, index) => byte !== far[index]).length;
    expect(far.length).toBe(near.length);
    expect(differing).toBeGreaterThan(0);
    expect(differing).toBeLessThanOrEqual(12);
  });
});

describeWith(['ffmpeg'], 'a decoder', () => {
  it.each(RENDITIONS)('finds nothing wrong with $name over the end of a round', ({ name }) => {
    const numbers = [10, 11, 12, 13];
    const parts = [stream.init(name), ...numbers.map((number) => stream.segment(name, number))] as Buffer[];
    const args = ['-v', 'warning', '-i', 'pipe:0', '-f', 'null', '-'];
    const { status, stderr } = spawnSync(toolPath('ffmpeg') as string, args, { input: Buffer.concat(parts) });
    expect([status, String(stderr)]).toEqual([0, '']);
  });
});

describe('the origin', () => {
  let now = BEGAN + 1_000_000_500;
  const ask = (path: string, { method = 'GET', range }: { method?: string; range?: string } = {}): OriginResponse => {
    const folders = [
      { path: '/vod/a/', kind: 'vod', hls: 'index.m3u8', dash: 'manifest.mpd' },
      { path: '/live/a/', kind: 'live', hls: 'index.m3u8', dash: 'manifest.mpd' },
    ] as const;
    const headers = range === undefined ? [] : ([['range', range]] as const);
    const origin = mediaOrigin({ stream, folders, now: () => now });
    return origin.fetch({ method, path, query: undefined, headers }) as OriginResponse;
  };
  const text = (path: string): string => String(ask(path).body);
  const segmentsIn = (playlist: string): number[] => [...playlist.matchAll(/\/(\d+)\.m4s/g)].map(([, n]) => Number(n));

  it('has every segment that a live playlist names, and not the next one', () => {
    for (const offset of [0, 333, 1_999, 2_000, 23_700]) {
      now = BEGAN + 1_000_000_500 + offset;
      for (const { name } of RENDITIONS) {
        const numbers = segmentsIn(text(`/live/a/${name}.m3u8`));
        expect(numbers).toHaveLength(15);
        for (const number of numbers) expect(ask(`/live/a/${name}/${number}.m4s`).status).toBe(200);
        expect(ask(`/live/a/${name}/${(numbers.at(-1) ?? 0) + 1}.m4s`).status).toBe(404);
        // What is over is over: no segment ends in the future.
        const { time, duration } = stream.span(name, numbers.at(-1) ?? 0);
        expect(BEGAN + ((time + duration) / stream.timescale(name)) * 1000).toBeLessThanOrEqual(now);
      }
    }
  });

  it('moves the live playlist by one segment in two seconds', () => {
    now = BEGAN + 1_000_000_500;
    const before = text('/live/a/audio.m3u8');
    now += 2_000;
    const after = text('/live/a/audio.m3u8');
    expect(segmentsIn(after)[0]).toBe((segmentsIn(before)[0] ?? 0) + 1);
    expect(after).toContain(`#EXT-X-MEDIA-SEQUENCE:${segmentsIn(after)[0]}\n`);
    expect(after).not.toContain('ENDLIST');
  });

  it('lists in the manifest what the playlists list', () => {
    const mpd = text('/live/a/manifest.mpd');
    const first = segmentsIn(text('/live/a/audio.m3u8'))[0] as number;
    expect(mpd).toContain(`type="dynamic" availabilityStartTime="2026-01-01T00:00:00.000Z"`);
    expect(mpd).toContain(`startNumber="${first}"`);
    expect(mpd).toContain(`<S t="${stream.span('audio', first).time}" d="${stream.span('audio', first).duration}"/>`);
    expect([...mpd.matchAll(/<S /g)]).toHaveLength(45);
  });

  it('has a film that ends', () => {
    const playlist = text('/vod/a/video-360.m3u8');
    expect(segmentsIn(playlist)).toHaveLength(300);
    expect(playlist).toContain('#EXT-X-ENDLIST');
    expect(ask('/vod/a/video-360/299.m4s').status).toBe(200);
    expect(ask('/vod/a/video-360/300.m4s').status).toBe(404);
    expect(text('/vod/a/manifest.mpd')).toContain('mediaPresentationDuration="PT600S"');
  });

  it.each([
    ['bytes=0-9', 206, 'bytes 0-9/', 10],
    ['bytes=-5', 206, undefined, 5],
    ['bytes=10-', 206, 'bytes 10-', undefined],
    ['bytes=99999999-', 416, 'bytes */', 0],
    ['bytes=9-3', 200, undefined, undefined],
    ['lines=1-2', 200, undefined, undefined],
  ])('answers %s with %i', (range, status, contentRange, length) => {
    const { headers, ...answer } = ask('/vod/a/audio/0.m4s', { range });
    expect(answer.status).toBe(status);
    if (contentRange !== undefined) expect(headers['content-range']).toContain(contentRange);
    if (length !== undefined) expect(headers['content-length']).toBe(String(length));
  });

  it('answers HEAD without a body, and refuses other methods', () => {
    expect(ask('/vod/a/audio/0.m4s', { method: 'HEAD' })).toMatchObject({ status: 200 });
    expect(ask('/vod/a/audio/0.m4s', { method: 'HEAD' }).body).toBeUndefined();
    expect(ask('/vod/a/audio/0.m4s', { method: 'POST' }).status).toBe(405);
  });

  it.each(['/vod/a/other.m3u8', '/vod/a/../b', '/vod/a/audio/-1.m4s', '/vod/a/__proto__/0.m4s', '/other/index.m3u8'])(
    'has no %s',
    (path) => expect(ask(path).status).toBe(404),
  );
});
