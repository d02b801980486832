/** Times as people write them. Everything is in seconds since 1970. */
import { UsageError } from './command.ts';

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** Ten digits, as records and the edge state have them. */
export const MAX_TIME = 9_999_999_999;

/** `2h`, `90m`, `30s`, `1d`, or seconds. Throws a `UsageError`. */
export function readDuration(text: string, option: string): number {
  const [, digits, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (digits === undefined)
    throw new UsageError(`--${option} is no duration.`, 'Write seconds, or a number with s, m, h or d: `2h`.');
  return Number(digits) * UNITS[unit as keyof typeof UNITS];
}

/** Seconds since 1970, or ISO 8601 (without a zone: UTC). Throws a `UsageError`. */
export function readTime(text: string, option: string): number {
  const seconds = /^\d{1,10}(?:\.\d{1,3})?$/.test(text) ? Number(text) : iso(text);
  if (seconds === undefined || !(seconds >= 0 && seconds <= MAX_TIME))
    throw new UsageError(
      `--${option} is no time.`,
      'Write seconds since 1970, or a time like 2026-11-23T20:00:00Z; without a zone it is UTC.',
    );
  return seconds;
}

function iso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const hasTime = text.length > 10;
  return Date.parse(hasTime && match[1] === undefined ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T')) / 1000;
}

const AGO = /^(\d{1,9}[smhd]) ago$/;

/** A moment that has passed: a time, `now`, or `10m ago`. Throws a `UsageError`. */
export function readPast(text: string, option: string, now: number): number {
  const ago = AGO.exec(text)?.[1];
  const time = text === 'now' ? now : ago === undefined ? readTime(text, option) : now - readDuration(ago, option);
  if (time > now)
    throw new UsageError(
      `--${option} is in the future.`,
      'It takes a moment that has passed: a time, `now` or `10m ago`.',
    );
  return Math.max(0, Math.floor(time));
}

/** A moment to come: a time, or how long from now on (`2h`). Throws a `UsageError`. */
export function readFuture(text: string, option: string, now: number): number {
  const isDuration = /^\d{1,9}[smhd]$/.test(text);
  const time = isDuration ? now + readDuration(text, option) : readTime(text, option);
  if (time <= now)
    throw new UsageError(`--${option} has passed already.`, 'Write a time to come, or a duration: `2h`.');
  if (time > MAX_TIME) throw new UsageError(`--${option} is too far ahead.`, 'Write a time before the year 2286.');
  return Math.ceil(time);
}
