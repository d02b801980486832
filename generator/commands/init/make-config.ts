/** The text of config.yaml, made of what was imported, what options say and what is answered; valid, or not at all. */
import { basename, join, relative } from 'node:path';
import { load } from '../../config/load.ts';
import { resolveAll } from '../../config/resolve-all.ts';
import { validate } from '../../config/validate.ts';
import { knownModules } from '../../project.ts';
import { type Diagnostic, failed, hasErrors, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { Args, Io } from '../command.ts';
import { adoptFile } from './adopt/adopt-file.ts';
import { askOpen } from './ask.ts';
import { checkDraft } from './check-draft.ts';
import { configText } from './config-text.ts';
import type { Draft } from './draft.ts';
import { applyEnvironments, applySettings, applyShortForms } from './given-options.ts';
import { exampleText, fillReferences, openQuestions, type Question } from './questions.ts';

export interface ConfigOptions {
  args: Args;
  io: Io;
  /** Folder of the new project. */
  root: string;
  /** Name of config.yaml in it. */
  config: string;
}

/** Every fault is collected before anything is asked: an answer must not be lost to a mistake made earlier. */
export async function makeConfig({ args, io, root, config }: ConfigOptions): Promise<Outcome<string>> {
  const known = await knownModules({ packageRoot: io.packageRoot }, root);
  if (!known.ok) return known;
  const { modules, schema } = known.value;
  const checker = { schema, checks: await known.value.checks() };
  const draft: Draft = {};
  const diagnostics: Diagnostic[] = [...known.diagnostics];
  applyEnvironments(draft, args);
  const from = args.values.from as string | undefined;
  if (from !== undefined) diagnostics.push(...(await adoptFile({ name: from, io, modules, checker, draft })));
  const asks = io.interactive === true && args.values.yes !== true && !args.json && from !== '-';
  const complete = (): void => {
    applyShortForms(draft, { args, schema, nameless: !asks });
    fillReferences(schema, draft);
  };
  applySettings(draft, args, schema);
  complete();
  const trial = structuredClone(draft);
  applyShortForms(trial, { args, schema, nameless: true });
  diagnostics.push(...checkDraft(trial, checker));
  if (asks) {
    if (hasErrors(diagnostics)) return failed(...diagnostics);
    const asked = await askOpen(draft, { io, checker, complete, folder: basename(root) });
    if (!asked.ok) return failed(...diagnostics, ...asked.diagnostics);
  }
  const open = openQuestions(schema, draft).filter(({ kind }) => kind === 'value');
  if (open.length > 0) diagnostics.push(missing(open));
  if (hasErrors(diagnostics)) return failed(...diagnostics);
  const text = configText(draft, schema);
  const shown = relative(io.cwd, join(root, config));
  const source = load(shown, text);
  if (!source.ok) return failed(...diagnostics, ...source.diagnostics);
  const valid = validate(source.value, schema, checker.checks);
  if (!valid.ok) return failed(...diagnostics, ...valid.diagnostics);
  const resolved = resolveAll(valid.value, modules);
  return outcome(text, [...diagnostics, ...resolved.diagnostics]);
}

/** All of them, each with the option to add. */
function missing(open: readonly Question[]): Diagnostic {
  const options = open.map((question) => {
    const option = `--set ${question.path.join('.')}=…`;
    return `    ${option.padEnd(42)} ${question.schema.title ?? ''}, for example ${exampleText(question)}`;
  });
  return {
    code: 'EP7702',
    severity: 'error',
    message: open.length === 1 ? 'One setting has no value yet.' : `${open.length} settings have no value yet.`,
    hint: `Nothing was written. Add:\n${options.join('\n')}`,
  };
}
