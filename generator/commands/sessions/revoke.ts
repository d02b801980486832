import { type RevocationRow, SKEW } from '../../../runtime/sessions/revocation-row.ts';
import type { TablePlace } from '../../aws/revocation-table.ts';
import { putRows } from '../../aws/revocation-writes.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import { printWritten } from '../../report/sessions-text.ts';
import { relative, utc } from '../../report/time-text.ts';
import { ENV_OPTION, finish } from '../aws-session.ts';
import { type Args, type Command, type Io, UsageError } from '../command.ts';
import { readFuture } from '../times.ts';
import { DASHED, FILE, readSessions } from './read-sessions.ts';
import { holdsToken } from './session-of.ts';
import { counting, notAll, withTable } from './sessions-session.ts';

const MAX_REASON = 200;

export const revoke: Command = {
  name: 'revoke',
  summary: 'Refuse sessions from now on, one or many thousand',
  usage: '<session>… [--file <file>] [--reason <text>] [--expires <time>] [--env <environment>]',
  options: {
    ...ENV_OPTION,
    ...FILE,
    reason: {
      type: 'string',
      value: 'text',
      help: `Why, for whoever looks at it later; up to ${MAX_REASON} characters`,
    },
    expires: {
      type: 'string',
      value: 'time',
      help: 'Its end: ISO time, seconds since 1970, or a duration such as 12h',
    },
  },
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  dashed: DASHED,
  details: `A session is given as its id, as a playback URL or as a token; of the latter only the id is used and shown. Everything is read
before anything is written. The edge refuses them within a minute or so; players get 410 and have to start anew.
Without --expires a revocation lasts as long as a token of the session can be valid. \`edgepass unrevoke\` takes it back.
What begins with two dashes goes behind \`--\`.`,
  async run(args, io) {
    const reason = reasonOf(args);
    const asked = expiresOf(args, io);
    const sessions = await readSessions(args, io);
    if (!sessions.ok) return finish({ args, io }, sessions.diagnostics);
    let left: string[] = [];
    const done = await withTable(args, io, async ({ aws, environment, place }) => {
      const created = Math.floor(aws.now().getTime() / 1000);
      const expires = expiryOf({ place, created, asked });
      if (!expires.ok) return expires;
      const { value: end, diagnostics } = expires;
      const rows = sessions.value.map(
        (session): RevocationRow => ({ session, state: 'revoked', type: 'manual', reason, created, expires: end }),
      );
      const shown = counting({ args, io, aws }, { what: 'revoke', total: rows.length });
      const { done: written, fault } = await putRows(aws, place, { rows, tell: shown.tell });
      shown.end(written.size);
      left = sessions.value.filter((session) => !written.has(session));
      const faults = notAll({ done: written.size, total: rows.length, fault, aws });
      const revoked = sessions.value.filter((session) => written.has(session));
      return {
        ok: true,
        value: { environment, revoked, reason, expires: end, now: created },
        diagnostics: [...diagnostics, ...faults],
      };
    });
    const { now, ...result } = done.ok ? done.value : { now: 0 };
    const code = finish({ args, io }, done.diagnostics, done.ok ? { ...result, left } : undefined);
    if (done.ok && !args.json) {
      const { revoked, expires } = done.value;
      io.stdout(
        printWritten({ how: `revoked until ${utc(expires)} (${relative(expires, now)})`, sessions: revoked, left }),
      );
    }
    return code;
  },
};

function reasonOf({ values }: Args): string {
  const reason = ((values.reason as string | undefined) ?? '').trim();
  if (reason.length > MAX_REASON || /\p{Cc}/u.test(reason))
    throw new UsageError(
      `--reason is no line of up to ${MAX_REASON} characters.`,
      'Say it shorter, or name the ticket.',
    );
  // It would stand in the table, and in every list of sessions.
  if (holdsToken(reason))
    throw new UsageError('--reason has a token in it, with which anybody can watch.', 'Say it without the token.');
  return reason;
}

function expiresOf({ values }: Args, io: Io): number | undefined {
  const expires = values.expires as string | undefined;
  const now = (io.clock?.now() ?? new Date()).getTime() / 1000;
  return expires === undefined ? undefined : readFuture(expires, 'expires', now);
}

/** Until then a token of the session may be valid that was issued a moment ago. */
function expiryOf({
  place: { longestLifetime },
  created,
  asked,
}: {
  place: TablePlace;
  created: number;
  asked: number | undefined;
}): Outcome<number> {
  const needed = longestLifetime === undefined ? undefined : created + longestLifetime + SKEW;
  if (asked === undefined) return needed === undefined ? failed(UNKNOWN) : outcome(needed);
  return outcome(asked, needed !== undefined && asked < needed ? [short(needed)] : []);
}

const UNKNOWN: Diagnostic = {
  code: 'EP7916',
  severity: 'error',
  message: 'The environment does not say how long its tokens can be valid.',
  hint: 'Deploy it with this version, or say when the revocation ends: `--expires 24h`, not less than the longest lifetime.',
};

function short(needed: number): Diagnostic {
  return {
    code: 'EP7915',
    severity: 'warning',
    message: `A token of these sessions may be valid until ${utc(needed)}, after the revocation has ended.`,
    hint: 'Without --expires it lasts as long as it has to.',
  };
}
