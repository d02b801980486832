/** The conversation: one question after the other, each answer checked at once. */
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import { nearest } from '../../report/nearest.ts';
import { printDiagnostics } from '../../report/terminal.ts';
import type { Io } from '../command.ts';
import { type Checker, checkDraft } from './check-draft.ts';
import { type Draft, namesAt, setAt, valueAt } from './draft.ts';
import { type Lines, readLines } from './lines.ts';
import { exampleText, openQuestions, type Question } from './questions.ts';
import { typedValue } from './typed-value.ts';

export interface Conversation {
  io: Io;
  checker: Checker;
  /** Fills in what follows from the answers so far. */
  complete(): void;
  /** Name to offer for the project: that of the folder. */
  folder: string;
}

/** Completes the draft in place. Fails when the input ends before everything is answered. */
export async function askOpen(draft: Draft, talk: Conversation): Promise<Outcome<Draft>> {
  const { io, checker, complete } = talk;
  const { schema } = checker;
  if (openQuestions(schema, draft).length === 0) return outcome(draft);
  io.stderr('A few questions; what is in brackets is taken when you just press Enter.\n');
  const lines = readLines(io);
  try {
    for (let open = openQuestions(schema, draft); open[0] !== undefined; open = openQuestions(schema, draft)) {
      if (!(await answer(open[0], draft, { ...talk, lines }))) return failed(ended(open));
      complete();
    }
  } finally {
    lines.close();
  }
  io.stderr('\n');
  return outcome(draft);
}

/** Asks until the answer passes the check. `false` when there is no more input. */
async function answer(question: Question, draft: Draft, talk: Conversation & { lines: Lines }): Promise<boolean> {
  const { io, lines } = talk;
  const suggestion = suggested(question, draft, talk);
  const key = question.path.join('.');
  const like = suggestion === undefined ? `, for example ${exampleText(question)}` : ` [${suggestion}]`;
  io.stderr(`\n${question.schema.description ?? question.schema.title ?? key}\n`);
  for (;;) {
    io.stderr(`${key}${question.kind === 'names' ? ', names with commas between them' : ''}${like}: `);
    const line = withoutQuotes((await lines.next())?.trim());
    if (line === undefined) {
      io.stderr('\n');
      return false;
    }
    const text = line === '' ? suggestion : line;
    if (text === undefined) continue;
    const faults = place(question, text, { draft, checker: talk.checker });
    if (faults.length === 0) return true;
    io.stderr(printDiagnostics(faults, { color: io.color }));
  }
}

/** Puts the answer where it belongs; what is wrong with it. */
function place(question: Question, text: string, { draft, checker }: { draft: Draft; checker: Checker }): Diagnostic[] {
  const { path, kind, schema, choices } = question;
  if (choices !== undefined && !choices.includes(text))
    return [
      { code: 'EP1201', severity: 'error', message: 'There is no such name.', hint: nearestChoice(text, choices) },
    ];
  if (kind === 'names') {
    const names = text.split(',').map((name) => name.trim());
    setAt(draft, path, Object.fromEntries(names.map((name) => [name, {}])));
  } else setAt(draft, path, typedValue(schema, text, checker.schema));
  const faults = checkDraft(draft, checker, path);
  // config.yaml's quotes and patterns mean little here; the example is what to type.
  const hint = `Type it like ${exampleText(question)}`;
  return kind === 'names' ? faults : faults.map((fault) => (fault.code === 'EP1104' ? fault : { ...fault, hint }));
}

/** Whoever knows that config.yaml wants quotes may type them. */
function withoutQuotes(line: string | undefined): string | undefined {
  return line?.replace(/^(["'])(.*)\1$/, '$2');
}

/** An answer that is probably right. Never an account: a wrong one would be somebody else's. */
function suggested({ path, kind, schema, choices }: Question, draft: Draft, talk: Conversation): string | undefined {
  if (kind === 'names') return exampleText({ path, kind, schema });
  if (choices !== undefined) return choices[0];
  const key = path.at(-1) ?? '';
  if (path.length === 1) {
    const name = talk.folder.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    return checkDraft({ [key]: name }, talk.checker, path).length === 0 ? name : undefined;
  }
  if (key !== 'region') return undefined;
  const others = namesAt(draft, path.slice(0, -2)).map((name) => valueAt(draft, [...path.slice(0, -2), name, key]));
  return others.findLast((value): value is string => typeof value === 'string');
}

function ended(open: readonly Question[]): Diagnostic {
  const keys = open.filter(({ kind }) => kind === 'value').map(({ path }) => `\`${path.join('.')}\``);
  return {
    code: 'EP7703',
    severity: 'error',
    message: `The input ended before everything was answered; open: ${keys.join(', ')}.`,
    hint: 'Nothing was written. Start again, or give the answers as options (`edgepass init --help`).',
  };
}

/** A reference that was typed wrong: what was probably meant. */
function nearestChoice(answer: string, choices: readonly string[]): string {
  const guess = nearest(answer, choices);
  return `${guess === undefined ? '' : `Did you mean \`${guess}\`? `}Allowed: ${choices.join(', ')}.`;
}
