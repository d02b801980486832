/** Revoked sessions, for people at a terminal. */
import pc from 'picocolors';
import { clean, columns } from './columns.ts';
import { relative, utc } from './time-text.ts';

/** A row of the revocation table. Times are seconds since 1970. */
export interface SessionRow {
  session: string;
  state: string;
  type: string;
  reason: string;
  score?: number;
  created: number;
  expires: number;
}

interface Style {
  now: number;
  color: boolean;
}

/** Longest reason in a table; `sessions show` has it all. */
const REASON = 60;

/** `more`: whether there are older ones that are not among them. */
export function printSessions(rows: readonly SessionRow[], { more, now, color }: Style & { more: boolean }): string {
  if (rows.length === 0) return 'none\n';
  const paint = pc.createColors(color);
  const head = ['session', 'type', 'state', 'created', 'ends', 'score', 'reason'];
  const lines = rows.map((row) => [
    row.session,
    row.type,
    stateOf(row, now),
    utc(row.created).slice(0, 19),
    relative(row.expires, now),
    row.score === undefined ? '-' : String(row.score),
    cut(clean(row.reason)),
  ]);
  const [title = '', ...rest] = columns([head, ...lines]).split('\n');
  const note = more
    ? [paint.dim('There are older ones: --limit takes up to 1000, --since and --state choose.'), '']
    : [''];
  return [paint.dim(title), ...rest.slice(0, -1), ...note].join('\n');
}

export function printSession(row: SessionRow, { now, color }: Style): string {
  const paint = pc.createColors(color);
  const facts = [
    ['session', row.session],
    ['state', stateOf(row, now)],
    ['edge', isRefused(row, now) ? 'is to refuse it (410 session_revoked)' : 'is to let it pass'],
    ['type', row.type],
    ['reason', row.reason === '' ? '-' : clean(row.reason)],
    ...(row.score === undefined ? [] : [['score', String(row.score)]]),
    ['created', `${utc(row.created)} (${relative(row.created, now)})`],
    [row.expires > now ? 'ends' : 'ended', `${utc(row.expires)} (${relative(row.expires, now)})`],
  ];
  return facts.map(([name = '', text = '']) => `${paint.dim(name.padEnd(7))}  ${text}\n`).join('');
}

function isRefused({ state, expires }: SessionRow, now: number): boolean {
  return state === 'revoked' && expires > now;
}

function stateOf(row: SessionRow, now: number): string {
  return row.expires > now ? row.state : 'expired';
}

function cut(text: string): string {
  return text.length <= REASON ? text : `${text.slice(0, REASON - 1)}…`;
}

/** Sessions that are listed one by one. */
const LISTED = 20;

/** What was written, and every session that was not: that list is what somebody goes on with. */
export function printWritten({
  how,
  sessions,
  left,
}: {
  how: string;
  sessions: readonly string[];
  left: readonly string[];
}): string {
  const [first = ''] = sessions;
  const done =
    sessions.length === 0
      ? []
      : sessions.length === 1
        ? [`${first}  ${how}`]
        : sessions.length <= LISTED
          ? sessions.map((session) => `${session}  ${how}`)
          : [`${sessions.length} sessions  ${how}`];
  return [...done, ...left.map((session) => `${session}  not written`)].map((line) => `${line}\n`).join('');
}
