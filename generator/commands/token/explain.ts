import { type Command, exitFor } from '../command.ts';
import { show } from '../show.ts';
import { CHECK_DETAILS, CHECK_OPTIONS, CHECK_USAGE, checkRequest } from './check-request.ts';
import { maskAll } from './mask.ts';
import { printTrace } from './trace-text.ts';
import { verdictDiagnostics } from './verdict-text.ts';

export const explain: Command = {
  name: 'token explain',
  summary: 'Check a request as the edge would, and say step by step what passed and what did not',
  usage: CHECK_USAGE,
  options: CHECK_OPTIONS,
  positionals: { min: 1, max: 1 },
  details: CHECK_DETAILS,
  async run(args, io) {
    const checked = await checkRequest(args, io);
    if (!checked.ok) return show(checked.diagnostics, args, io);
    const { trace, asked, diagnostics } = checked.value;
    const found = [...diagnostics, ...verdictDiagnostics(trace, asked)];
    if (args.json) {
      // A MAC is of no use to whoever reads this.
      const { intsig: _intsig, ...claims } = trace.claims ?? {};
      return show(found, args, io, { ...maskAll({ ...trace, claims: trace.claims && claims }) });
    }
    show(diagnostics, args, io);
    io.stdout(printTrace(checked.value, io.color));
    return exitFor(found);
  },
};
