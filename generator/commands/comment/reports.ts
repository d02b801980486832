/** Reads what `preview --json` and `drift --json` left in files. One that failed has diagnostics and nothing else. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { CommentOptions } from '../../report/plan-comment.ts';
import { type Args, type Io, type Option, UsageError } from '../command.ts';

export const COMMENT_OPTIONS: Record<'file' | 'full' | 'expect' | 'artifact' | 'fail-on-changes', Option> = {
  file: { type: 'string', value: 'file', help: 'Write it to a file instead of standard output' },
  full: { type: 'string', value: 'file', help: 'Write also a text with every detail' },
  expect: { type: 'string', multiple: true, help: 'Environment that ought to have a report; said when it has none' },
  artifact: { type: 'string', value: 'url', help: 'Where the full text will be found' },
  'fail-on-changes': { type: 'boolean', help: 'Exit code 3 when there are changes, or drift' },
};

export function optionsOf({ values }: Args): CommentOptions {
  return typeof values.artifact === 'string' ? { artifact: values.artifact } : {};
}

export interface ReadReport {
  /** Name of the file without `.json`, which is how pipelines name the environment. */
  label: string;
  content?: Record<string, unknown>;
  diagnostics: Diagnostic[];
  missing?: true;
}

interface Form {
  version: number;
  /** The list that such a report has, unless it failed. */
  member: string;
}

/** More than any report; what is larger is something else. */
const MAX_BYTES = 256 * 1024 * 1024;

/** In the order of `--expect`, then of the arguments. Faults: EP7801. */
export async function readReports(args: Args, io: Io, form: Form): Promise<Outcome<ReadReport[]>> {
  const expected = args.lists.expect ?? [];
  if (args.positionals.length === 0 && expected.length === 0)
    throw new UsageError('no report is named.', 'Name the files that `--json` was written to.');
  const reports: ReadReport[] = [];
  const faults: Diagnostic[] = [];
  for (const name of args.positionals) {
    const report = await readReport(name, io, form);
    if (report.ok) reports.push(report.value);
    else faults.push(...report.diagnostics);
  }
  if (faults.length > 0) return failed(...faults);
  const missing = expected
    .filter((name) => !reports.some((report) => environmentsOf(report).includes(name)))
    .map((label): ReadReport => ({ label, diagnostics: [], missing: true }));
  const place = (report: ReadReport): number => {
    const at = expected.findIndex((name) => environmentsOf(report).includes(name));
    return at < 0 ? expected.length : at;
  };
  return outcome([...reports, ...missing].sort((a, b) => place(a) - place(b)));
}

/** A report that failed goes by the name of its file. */
function environmentsOf({ label, content }: ReadReport): string[] {
  if (typeof content?.environment === 'string') return [content.environment];
  const list = content?.environments;
  const names = Array.isArray(list) ? (list as { name: string }[]).map(({ name }) => name) : [];
  return names.length === 0 ? [label] : names;
}

async function readReport(name: string, io: Io, { version, member }: Form): Promise<Outcome<ReadReport>> {
  const fault = (why: string): Outcome<ReadReport> =>
    failed({
      code: 'EP7801',
      severity: 'error',
      message: `${name} is no report: ${why}.`,
      hint: 'Name a file that the command wrote with `--json`, with this version of edgepass.',
    });
  let text: string;
  try {
    const bytes = await readFile(resolve(io.cwd, name));
    if (bytes.length > MAX_BYTES) return fault('it is too large');
    text = bytes.toString();
  } catch (error) {
    return fault(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  // A preview that ended before it could say anything.
  if (text.trim() === '') return outcome({ label: labelOf(name), diagnostics: [], missing: true });
  const content = parsed(text);
  if (content === undefined || !Array.isArray(content.diagnostics)) return fault('it has another form');
  const diagnostics = content.diagnostics as Diagnostic[];
  if (Array.isArray(content[member])) {
    if (content.version !== version) return fault(`it has version ${JSON.stringify(content.version)}, not ${version}`);
    return outcome({ label: labelOf(name), content, diagnostics });
  }
  if (content.ok !== false) return fault('it has another form');
  return outcome({ label: labelOf(name), diagnostics });
}

function labelOf(name: string): string {
  return basename(name).replace(/\.json$/, '');
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? (content as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
