/** A token for people: what is written in it, with times in words. */
import pc from 'picocolors';
import type { Json } from '../../modules/contract.ts';
import { shortValue } from '../../report/short-value.ts';
import { duration, relative, utc } from '../../report/time-text.ts';
import type { Decoded } from './take-apart.ts';

/** What the claims mean; a name that is not here is informational and ignored by the edge. */
const MEANINGS: Readonly<Record<string, string>> = {
  iat: 'issued',
  exp: 'expires',
  nbf: 'not before',
  aud: 'deployment it is for',
  paths: 'folders it opens',
  exc: 'excluded: no binding, no geography',
  ssn: 'session',
  co: 'countries',
  reg: 'regions',
  cty: 'cities',
  co_fallback: 'passes where the country is unknown',
  reg_fallback: 'passes where the region is unknown',
  cty_fallback: 'passes where the city is unknown',
  ip: 'bits of the address that are bound',
  ip_ver: 'family of that address',
  headers: 'headers that are bound',
  qs: 'query parameters that are bound',
  intsig: 'MAC over what is bound',
  sub: 'viewer (not checked)',
};

const TIMES = ['iat', 'exp', 'nbf'];

type Row = [name: string, value: string, meaning: string];

export interface DecodedPrint {
  where: string;
  /** Seconds since 1970. */
  now: number;
  color: boolean;
}

/** Text that ends with a newline. */
export function printDecoded(decoded: Decoded, { where, now, color }: DecodedPrint): string {
  const paint = pc.createColors(color);
  const sections: [title: string, rows: Row[]][] = [];
  if (decoded.session !== undefined) sections.push(['session', [['', decoded.session, '']]]);
  sections.push(['header', rowsOf(decoded.header, now)], ['claims', rowsOf(decoded.claims, now)]);
  const all = sections.flatMap(([, rows]) => rows);
  const width = (column: 0 | 1): number => Math.max(0, ...all.map((row) => row[column].length));
  const names = width(0);
  const values = Math.min(36, width(1));
  const lines = [`Token from ${where}, ${paint.bold(paint.yellow('not verified'))}: anybody can have written this.`];
  for (const [title, rows] of sections) {
    if (rows.length === 0) continue;
    lines.push('', paint.bold(title));
    for (const [name, value, meaning] of rows)
      lines.push(
        `  ${name.padEnd(name === '' ? 0 : names + 2)}${value.padEnd(meaning === '' ? 0 : values)}  ${paint.dim(meaning)}`.trimEnd(),
      );
  }
  return `${lines.join('\n')}\n`;
}

function rowsOf(part: unknown, now: number): Row[] {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return [];
  const members = part as Record<string, Json>;
  return Object.entries(members).map(([name, value]) => {
    const meaning =
      typeof value === 'number' && TIMES.includes(name) ? timeMeaning(name, members, now) : MEANINGS[name];
    return [printable(name), shownValue(name, value), meaning ?? ''];
  });
}

/** When it is, seen from now; with `exp` also how long the token lives, which is what a stream limits. */
function timeMeaning(name: string, members: Record<string, Json>, now: number): string {
  const value = members[name] as number;
  const word = name === 'exp' && value <= now ? 'expired' : MEANINGS[name];
  const { iat } = members;
  const lifetime =
    name === 'exp' && typeof iat === 'number' && iat < value ? `, lifetime ${duration(value - iat)}` : '';
  return `${word} ${relative(value, now)}, ${utc(value)}${lifetime}`;
}

function shownValue(name: string, value: Json): string {
  // A MAC says nothing to people.
  if (name === 'intsig' && typeof value === 'string') return `${value.length} characters`;
  return printable(
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every(isText)
        ? value.join(', ')
        : shortValue(value),
  );
}

const isText = (value: Json): value is string => typeof value === 'string';

/** Texts of a token are somebody's words: no control character of theirs may drive the terminal, and none floods it. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
