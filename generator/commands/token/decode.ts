import type { Diagnostic } from '../../report/diagnostic.ts';
import { type Args, type Command, EXIT, type Io } from '../command.ts';
import { show } from '../show.ts';
import { readTime } from '../times.ts';
import { printDecoded } from './decoded-text.ts';
import { findToken } from './find-token.ts';
import { readText } from './read-text.ts';
import { type Decoded, takeApart } from './take-apart.ts';
import { textOf } from './text-of.ts';

/** Many times what the edge takes. */
const MAX_INPUT = 65_536;
const HINT = 'Give a token, a playback URL that has one, or `-` to read either from standard input.';

export const decode: Command = {
  name: 'token decode',
  summary: 'Show what is written in a token, without checking it',
  usage: '<token or URL, - for standard input>',
  options: { at: { type: 'string', value: 'time', help: 'Moment that counts as now: ISO time or seconds since 1970' } },
  positionals: { min: 1, max: 1 },
  details: `Needs neither key nor configuration, and proves nothing: \`edgepass token explain\` checks a token.
Whoever has a token can play until it expires; \`edgepass token decode -\` keeps it out of the shell's history.`,
  async run(args, io) {
    const at = textOf(args, 'at');
    const now = at === undefined ? Date.now() / 1000 : readTime(at, 'at');
    const input = await readInput(args, io);
    if (typeof input !== 'string') return show(input, args, io);
    const token = findToken(input);
    if (token === undefined)
      return show(
        [{ code: 'EP6021', severity: 'error', message: 'The URL has no token, in its path or its query.', hint: HINT }],
        args,
        io,
      );
    const decoded = takeApart(token.text);
    const diagnostics = decoded.faults.map(asDiagnostic);
    if (args.json) return show(diagnostics, args, io, { verified: false, where: token.where, ...result(decoded) });
    if (decoded.header !== undefined || decoded.claims !== undefined)
      io.stdout(printDecoded(decoded, { where: token.where, now, color: io.color }));
    if (diagnostics.length === 0) return EXIT.fine;
    io.stderr('\n');
    return show(diagnostics, args, io);
  },
};

async function readInput(args: Args, io: Io): Promise<string | Diagnostic[]> {
  const given = args.positionals[0] ?? '';
  if (given !== '-') return given.trim();
  const text = await readText({ name: '-', io, max: MAX_INPUT, code: 'EP6021', hint: HINT });
  return text.ok ? text.value : text.diagnostics;
}

function asDiagnostic({ kind, message }: Decoded['faults'][number]): Diagnostic {
  return kind === 'form'
    ? { code: 'EP6022', severity: 'error', message, hint: 'Was the token copied as a whole?' }
    : { code: 'EP6023', severity: 'error', message, hint: 'The edge refuses it: mend what issues these tokens.' };
}

/** Without signature and MAC: what is written in the token, and nothing to play with. */
function result({ session, header, claims }: Decoded): Record<string, unknown> {
  const shown = typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...claims } : claims;
  if (shown !== claims && 'intsig' in (shown as object)) (shown as Record<string, unknown>).intsig = '(left out)';
  return { ...(session !== undefined && { session }), header, claims: shown };
}
