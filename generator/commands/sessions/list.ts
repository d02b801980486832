import { listRows, type RowFilter } from '../../aws/revocation-table.ts';
import { outcome } from '../../report/diagnostic.ts';
import { printSessions } from '../../report/sessions-text.ts';
import { ENV_OPTION, finish } from '../aws-session.ts';
import { type Args, type Command, UsageError } from '../command.ts';
import { readPast } from '../times.ts';
import { withTable } from './sessions-session.ts';

const MOST = 1000;

export const list: Command = {
  name: 'sessions list',
  summary: 'List revoked sessions, newest first',
  usage: '[--type manual|automatic] [--state revoked|lifted] [--since <time>] [--limit <n>] [--env <environment>]',
  options: {
    ...ENV_OPTION,
    type: { type: 'string', value: 'type', help: 'manual: by a person or the API; automatic: by detection' },
    state: { type: 'string', value: 'state', help: 'revoked, or lifted: revoked once and allowed again' },
    since: { type: 'string', value: 'time', help: 'Not older: ISO time, seconds since 1970, or how long ago (2h)' },
    limit: { type: 'string', value: 'n', help: `How many at most (default: 50, up to ${MOST})` },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const now = Math.floor((io.clock?.now() ?? new Date()).getTime() / 1000);
    const filter = filterOf(args, now);
    const found = await withTable(args, io, async ({ aws, environment, place }) =>
      outcome({ environment, ...(await listRows(aws, place, filter)) }),
    );
    const code = finish({ args, io }, found.diagnostics, found.ok ? found.value : undefined);
    if (found.ok && !args.json) {
      const { rows, more } = found.value;
      io.stdout(printSessions(rows, { more, now, color: io.color }));
    }
    return code;
  },
};

/** Throws a `UsageError`. */
function filterOf({ values }: Args, now: number): RowFilter {
  const { type, state, since, limit = '50' } = values as Record<string, string | undefined>;
  if (type !== undefined && type !== 'manual' && type !== 'automatic')
    throw new UsageError('--type is none that there is.', 'One of: manual, automatic.');
  if (state !== undefined && state !== 'revoked' && state !== 'lifted')
    throw new UsageError('--state is none that there is.', 'One of: revoked, lifted.');
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST)
    throw new UsageError(`--limit is no number from 1 to ${MOST}.`, 'For example --limit 200.');
  const isDuration = since !== undefined && /^\d{1,9}[smhd]$/.test(since);
  return {
    since: since === undefined ? 0 : readPast(isDuration ? `${since} ago` : since, 'since', now),
    limit: Number(limit),
    ...(type === undefined ? {} : { type }),
    ...(state === undefined ? {} : { state }),
  };
}
