import { readRow } from '../../aws/revocation-table.ts';
import { failed, outcome } from '../../report/diagnostic.ts';
import { printSession } from '../../report/sessions-text.ts';
import { ENV_OPTION, finish } from '../aws-session.ts';
import type { Command } from '../command.ts';
import { DASHED, readSessions } from './read-sessions.ts';
import { malformed, withTable } from './sessions-session.ts';

export const showSession: Command = {
  name: 'sessions show',
  summary: 'Say why and until when a session is refused',
  usage: '<session> [--env <environment>]',
  options: { ...ENV_OPTION },
  positionals: { min: 1, max: 1 },
  dashed: DASHED,
  details:
    'The session is given as its id, as a playback URL or as a token; of the latter only the id is used and shown.',
  async run(args, io) {
    const sessions = await readSessions(args, io);
    if (!sessions.ok) return finish({ args, io }, sessions.diagnostics);
    const [session = ''] = sessions.value;
    const found = await withTable(args, io, async ({ aws, environment, place }) => {
      const row = await readRow(aws, place, session);
      if (row === 'malformed') return failed(malformed([session]));
      if (row !== undefined) return outcome({ environment, ...row });
      return failed({
        code: 'EP7914',
        severity: 'error',
        message: `The revocation table does not have ${session}: the edge does not refuse it.`,
        hint: 'It was never revoked, or the revocation has expired.',
      });
    });
    const code = finish({ args, io }, found.diagnostics, found.ok ? found.value : undefined);
    const now = Math.floor((io.clock?.now() ?? new Date()).getTime() / 1000);
    if (found.ok && !args.json) io.stdout(printSession(found.value, { now, color: io.color }));
    return code;
  },
};
