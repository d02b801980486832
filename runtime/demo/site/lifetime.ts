/** How long a token still lives. */

export interface Life {
  /** Seconds from issue to end. */
  whole: number;
  /** Milliseconds on the page's own clock, which nobody sets (`performance.now`), when it ends. */
  endsAt: number;
}

/** Life of a token that has just come. The viewer's clock may be wrong, so its claims are compared with each other only. */
export function lifeOf(payload: Readonly<Record<string, unknown>>, now: number): Life | undefined {
  const { iat, exp } = payload;
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return { whole: exp - iat, endsAt: now + (exp - iat) * 1000 };
}

export function secondsLeft({ endsAt }: Life, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

/** `2 h 05 min`, `4 min 09 s`, `12 s`. */
export function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}
