/** Renders configurations through the real stages, with the real modules. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../../generator/bundle/bundle-types.ts';
import { applyRules } from '../../generator/config/apply-rules.ts';
import { load } from '../../generator/config/load.ts';
import { resolve } from '../../generator/config/resolve.ts';
import { validate } from '../../generator/config/validate.ts';
import { plan } from '../../generator/modules/plan.ts';
import type { PlannedFunction } from '../../generator/modules/plan-types.ts';
import { gitops } from '../../generator/output/formats/gitops.ts';
import { sha256 } from '../../generator/output/manifest.ts';
import { type KnownModules, knownModules } from '../../generator/project.ts';
import { render } from '../../generator/render/render.ts';
import type { RenderedStack } from '../../generator/render/rendered-stack.ts';
import { templateLibrary } from '../../generator/render/template-library.ts';
import type { Diagnostic, Outcome } from '../../generator/report/diagnostic.ts';

export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** A configuration file of the repository, by a name for test titles. */
export interface ConfigFile {
  name: string;
  file: string;
}

/** The configuration of the repository, the example of every module, and the matrix in `configs`. */
export function configFiles(): ConfigFile[] {
  const examples = readdirSync(join(root, 'templates'))
    .sort()
    .map((id) => ({ name: `example of ${id}`, file: `templates/${id}/example.yaml` }));
  const matrix = readdirSync(join(root, 'test/templates/configs'))
    .sort()
    .map((file) => ({ name: file.replace('.yaml', ''), file: `test/templates/configs/${file}` }));
  return [{ name: 'config.yaml', file: 'config.yaml' }, ...examples, ...matrix];
}

let known: Promise<KnownModules> | undefined;

/** The modules of the repository; a broken one stops the tests with what is missing. */
export function repositoryModules(): Promise<KnownModules> {
  known ??= knownModules({ packageRoot: root }, root).then((found) => expectValue(found));
  return known;
}

export interface Rendered {
  /** Findings of rules and of the render stage that are no errors. */
  diagnostics: Diagnostic[];
  /** By environment. */
  stacks: Record<string, RenderedStack[]>;
}

/** All stacks of all environments of a configuration; an error stops the test with its text. */
export async function renderConfig(file: string): Promise<Rendered> {
  const { modules, schema, checks } = await repositoryModules();
  const source = expectValue(load(file, readFileSync(join(root, file), 'utf8')));
  const config = expectValue(validate(source, schema, await checks()));
  const diagnostics: Diagnostic[] = [];
  const stacks: Rendered['stacks'] = {};
  for (const name of config.environments) {
    const resolved = expectValue(resolve(config, name));
    diagnostics.push(...applyRules(resolved, modules));
    stopOnErrors(diagnostics);
    const planned = expectValue(plan(resolved, modules));
    const bundles = planned.functions.map(standIn);
    const rendered = render({ plan: planned, bundles, format: gitops, templates });
    stacks[name] = expectValue(rendered);
    diagnostics.push(...rendered.diagnostics);
  }
  return { diagnostics, stacks };
}

const templates = templateLibrary((file) => readFileSync(file, 'utf8'));

/** What a template says does not depend on what a function does, and bundling takes longer than all the rest. */
function standIn({ id, kind }: PlannedFunction): Bundle {
  const code = 'async function handler(event) {\n  return event.request;\n}\n';
  return { id, kind, bytes: new TextEncoder().encode(code), sha256: standInDigest(id), file: id };
}

/** By it a template's function is known: `functions/<digest>.zip`. */
export function standInDigest(id: string): string {
  return sha256(id);
}

export function expectValue<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  stopOnErrors(outcome.diagnostics);
  throw new Error('no value, and no error either');
}

function stopOnErrors(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0)
    throw new Error(
      errors
        .map((d) => `${d.code} ${d.place?.file ?? ''}:${d.place?.line ?? ''} ${d.message} ${d.hint ?? ''}`)
        .join('\n'),
    );
}
