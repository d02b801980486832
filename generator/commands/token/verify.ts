import { type Command, exitFor } from '../command.ts';
import { show } from '../show.ts';
import { CHECK_DETAILS, CHECK_OPTIONS, CHECK_USAGE, checkRequest } from './check-request.ts';
import { verdictDiagnostics, verdictLine } from './verdict-text.ts';

export const verify: Command = {
  name: 'token verify',
  summary: 'Check a request as the edge would, and print the verdict in one line',
  usage: CHECK_USAGE,
  options: CHECK_OPTIONS,
  positionals: { min: 1, max: 1 },
  details: CHECK_DETAILS,
  async run(args, io) {
    const checked = await checkRequest(args, io);
    if (!checked.ok) return show(checked.diagnostics, args, io);
    const { trace, asked, diagnostics } = checked.value;
    const { outcome, reason, status, mode, stream } = trace;
    const found = [...diagnostics, ...verdictDiagnostics(trace, asked)];
    if (args.json) return show(found, args, io, { outcome, reason, status, mode, stream });
    show(diagnostics, args, io);
    io.stdout(`${verdictLine(trace)}\n`);
    return exitFor(found);
  },
};
