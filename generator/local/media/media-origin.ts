/** An origin that has the test stream in some folders, as a film or as a channel. */
import type { Origin, OriginRequest, OriginResponse } from '../origin.ts';
import { manifest } from './dash.ts';
import { media, multivariant } from './hls.ts';
import { RENDITIONS, type TestStream } from './test-stream.ts';
import { isThere, windowOf } from './window.ts';

/** A folder with the test stream. */
export interface MediaFolder {
  /** Begins and ends with `/`. */
  path: string;
  kind: 'vod' | 'live';
  /** File names in the folder. */
  hls: string;
  dash: string;
}

interface Content {
  type: string;
  bytes: Buffer;
  /** Whether it is other content a moment later. */
  moves?: boolean;
}

export interface MediaOptions {
  stream: TestStream;
  folders: readonly MediaFolder[];
  /** Milliseconds since 1970. */
  now(): number;
}

export function mediaOrigin(options: MediaOptions): Origin {
  const folders = [...options.folders].sort((a, b) => b.path.length - a.path.length);
  return {
    fetch(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return { status: 405, headers: { allow: 'GET, HEAD', 'content-length': '0' } };
      const folder = folders.find(({ path }) => request.path.startsWith(path));
      const content = folder && contentOf(folder, request.path.slice(folder.path.length), options);
      return content === undefined ? missing() : answer(content, request);
    },
  };
}

function contentOf(folder: MediaFolder, name: string, { stream, now }: MediaOptions): Content | undefined {
  const time = now();
  const window = windowOf(folder.kind, time);
  const moves = folder.kind === 'live';
  const [, track = '', part] = /^([\w-]+)(?:\.m3u8|\/(init\.mp4|\d{1,9}\.m4s))$/.exec(name) ?? [];
  if (part === 'init.mp4') {
    const bytes = stream.init(track);
    return bytes && { type: typeOf(track), bytes };
  }
  if (part !== undefined) {
    const number = Number.parseInt(part, 10);
    const bytes = isThere(window, number) ? stream.segment(track, number) : undefined;
    return bytes && { type: typeOf(track), bytes };
  }
  const playlist = (text: string): Content => ({
    type: 'application/vnd.apple.mpegurl',
    bytes: Buffer.from(text),
    moves,
  });
  if (name === folder.hls) return playlist(multivariant());
  if (name === folder.dash)
    return { type: 'application/dash+xml', bytes: Buffer.from(manifest(stream, { window, now: time })), moves };
  return RENDITIONS.some((one) => one.name === track) ? playlist(media(stream, { name: track, window })) : undefined;
}

function typeOf(track: string): string {
  return `${RENDITIONS.find(({ name }) => name === track)?.kind ?? 'video'}/mp4`;
}

function missing(): OriginResponse {
  const bytes = Buffer.from('There is no such file.\n');
  const headers = { 'content-type': 'text/plain', 'content-length': String(bytes.length), 'cache-control': 'no-store' };
  return { status: 404, headers, body: bytes };
}

function answer({ type, bytes, moves = false }: Content, { method, headers }: OriginRequest): OriginResponse {
  const common = {
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': moves ? 'no-cache' : 'max-age=3600',
  };
  const range = headers.find(([name]) => name === 'range')?.[1];
  const part = range === undefined ? undefined : partOf(range, bytes.length);
  if (part === 'none')
    return { status: 416, headers: { ...common, 'content-range': `bytes */${bytes.length}`, 'content-length': '0' } };
  const sent = part === undefined ? bytes : bytes.subarray(part.first, part.last + 1);
  return {
    status: part === undefined ? 200 : 206,
    headers: {
      ...common,
      'content-length': String(sent.length),
      ...(part && { 'content-range': `bytes ${part.first}-${part.last}/${bytes.length}` }),
    },
    ...(method === 'GET' && { body: sent }),
  };
}

/** One range of bytes (RFC 9110, 14.1.2). What is no range, or several, is answered with all of it, as a server may. */
function partOf(range: string, length: number): { first: number; last: number } | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  return first > last || first >= length ? 'none' : { first, last };
}
