import { type Lifted, liftRows } from '../../aws/revocation-writes.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { printWritten } from '../../report/sessions-text.ts';
import { ENV_OPTION, finish } from '../aws-session.ts';
import type { Command } from '../command.ts';
import { DASHED, FILE, readSessions } from './read-sessions.ts';
import { counting, malformed, notAll, withTable } from './sessions-session.ts';

export const unrevoke: Command = {
  name: 'unrevoke',
  summary: 'Let revoked sessions play again',
  usage: '<session>… [--file <file>] [--env <environment>]',
  options: { ...ENV_OPTION, ...FILE },
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  dashed: DASHED,
  details: `Sessions are given as to \`edgepass revoke\`. The row stays until it expires, as a mark that automatic revocations respect: what a
person has lifted is not revoked again by itself. The edge lets them pass within a minute or so.`,
  async run(args, io) {
    const sessions = await readSessions(args, io);
    if (!sessions.ok) return finish({ args, io }, sessions.diagnostics);
    const wanted = sessions.value;
    const done = await withTable(args, io, async ({ aws, environment, place }) => {
      const shown = counting({ args, io, aws }, { what: 'unrevoke', total: wanted.length });
      const { done: written, fault } = await liftRows(aws, place, { sessions: wanted, tell: shown.tell });
      shown.end(written.size);
      const those = (how: Lifted): string[] => wanted.filter((session) => written.get(session) === how);
      const value = {
        environment,
        lifted: those('lifted'),
        already: those('lifted already'),
        unknown: those('not revoked'),
        malformed: those('malformed'),
        left: wanted.filter((session) => !written.has(session)),
      };
      const faults = notAll({ done: written.size, total: wanted.length, fault, aws });
      const strange = value.malformed.length === 0 ? [] : [malformed(value.malformed)];
      return { ok: true, value, diagnostics: [...faults, ...unknownOnes(value.unknown), ...strange] };
    });
    const code = finish({ args, io }, done.diagnostics, done.ok ? done.value : undefined);
    if (done.ok && !args.json) {
      const { lifted, already, left } = done.value;
      io.stdout(printWritten({ how: 'lifted', sessions: [...lifted, ...already], left }));
    }
    return code;
  },
};

function unknownOnes(sessions: readonly string[]): Diagnostic[] {
  const [first] = sessions;
  if (first === undefined) return [];
  const rest = sessions.length === 1 ? '' : ` and ${sessions.length - 1} more`;
  return [
    {
      code: 'EP7914',
      severity: 'error',
      message: `The revocation table does not have ${first}${rest}.`,
      hint: 'It was never revoked, or the revocation has expired. `edgepass sessions list` shows what there is.',
    },
  ];
}
