/** Which segments there are: all of a film, or the last ones of an endless channel. */
import { SEGMENT } from './test-stream.ts';

export interface Window {
  kind: 'vod' | 'live';
  first: number;
  /** Last one. */
  last: number;
}

/** Ten minutes: longer than any player buffers, so that what happens at the edge is seen. */
const FILM: Window = { kind: 'vod', first: 0, last: 600 / SEGMENT - 1 };

/**
 * When the channel began. A fixed time, so that nothing is kept: whoever asks is told the same, also after a restart. Not
 * 1970, so that times in the media stay small.
 */
export const BEGAN = Date.UTC(2026, 0, 1);

/** Segments in a live playlist. */
const LISTED = 15;

/** How long ago a segment may have left the playlist and still be there; players are late at times. */
const KEPT = 30;

/** Audio ends a little later than video; by then all of a segment is over. */
const TAIL = 100;

export function windowOf(kind: Window['kind'], now: number): Window {
  if (kind === 'vod') return FILM;
  const last = Math.floor((now - BEGAN - TAIL) / (SEGMENT * 1000)) - 1;
  return { kind, first: last - LISTED + 1, last };
}

/** Whether a segment can be had. */
export function isThere({ kind, first, last }: Window, number: number): boolean {
  return number <= last && number >= (kind === 'live' ? first - KEPT : first);
}
