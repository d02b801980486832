/** Times as people read them. Everything is in seconds since 1970. */

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
