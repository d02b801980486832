/** The sessions that a command is about, from its arguments and a file. Nothing of what was given is repeated: it may be a token. */
import type { Diagnostic, Place } from '../../report/diagnostic.ts';
import { type Outcome, outcome } from '../../report/diagnostic.ts';
import { type Args, type Io, type Option, UsageError } from '../command.ts';
import { readText } from '../token/read-text.ts';
import { sessionOf } from './session-of.ts';

/** A hundred thousand ids are 2.3 MB; as playback URLs they still fit. */
const MAX_FILE = 256 * 1024 * 1024;
const HINT =
  'A session id has 16 to 64 characters of A-Z, a-z, 0-9, `_` and `-`; a playback URL or a token with one in it is taken too.';

export const FILE: Record<'file', Option> = {
  file: { type: 'string', value: 'file', help: 'File with one session a line, `-` for standard input' },
};

/** What an argument looks like that begins with a dash and is a session id, or a token. */
export const DASHED = /^-(?!-)[\w-]{15,63}(?:\.[\w.-]*)?$/;

/** Each session once, in the order they came. Faults: EP7911, EP7912; throws a `UsageError`. */
export async function readSessions(args: Args, io: Io): Promise<Outcome<string[]>> {
  const file = args.values.file as string | undefined;
  if (file === undefined && args.positionals.length === 0)
    throw new UsageError('no session was named.', 'Give session ids, playback URLs or tokens, or --file <file>.');
  const found = new Set<string>();
  const faults: Diagnostic[] = [];
  const take = (given: string, where: { what: string; place?: Place }): void => {
    const one = sessionOf(given);
    if (typeof one === 'object') found.add(one.session);
    else faults.push(noSession(one, where));
  };
  for (const [index, given] of args.positionals.entries()) take(given, { what: `Argument ${index + 1}` });
  if (file !== undefined) {
    const shown = file === '-' ? 'standard input' : file;
    const text = await readText({
      name: file,
      io,
      max: MAX_FILE,
      code: 'EP7912',
      hint: `One session a line. ${HINT}`,
      lines: true,
    });
    if (!text.ok) return text;
    for (const [index, line] of text.value.split('\n').entries())
      if (!/^\s*(?:#|$)/.test(line))
        take(line, {
          what: `Line ${index + 1}`,
          place: { file: shown, line: index + 1 },
        });
    if (found.size === 0 && faults.length === 0) faults.push(noneIn(shown));
  }
  return outcome([...found], faults);
}

function noneIn(file: string): Diagnostic {
  return {
    code: 'EP7912',
    severity: 'error',
    message: `${file} has no session in it: there are only comments and blank lines.`,
    hint: `One session a line. ${HINT}`,
    place: { file },
  };
}

function noSession(found: 'none' | undefined, { what, place }: { what: string; place?: Place }): Diagnostic {
  return {
    code: 'EP7911',
    severity: 'error',
    message:
      found === 'none'
        ? `${what} is a URL or a token without a session. Nothing was changed.`
        : `${what} is no session. Nothing was changed.`,
    hint:
      found === 'none'
        ? 'Its policy gives no sessions (`session: true`): only `edgepass void` reaches such tokens.'
        : HINT,
    ...(place === undefined ? {} : { place }),
  };
}
