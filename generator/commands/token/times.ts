/** Times as people write and read them. Everything is in seconds since 1970. */
import { UsageError } from '../command.ts';

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

/** `2026-11-23 20:00:00 UTC`; numbers that are no time of this calendar are said to be none. */
export function utc(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'no time of the calendar';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `4 h 12 min`: the two largest units. */
export function duration(seconds: number): string {
  let rest = Math.floor(Math.abs(seconds));
  const parts: string[] = [];
  for (const [size, word] of [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${word}`);
    else if (parts.length > 0) break;
  }
  return parts.join(' ') || '0 s';
}

/** `in 12 min`, `3 h ago`, `now`. Whole seconds of now, or what was just issued for 4 h would end in 3 h 59 min. */
export function relative(seconds: number, now: number): string {
  const difference = Math.round(seconds - Math.floor(now));
  if (difference === 0) return 'now';
  return difference > 0 ? `in ${duration(difference)}` : `${duration(difference)} ago`;
}
