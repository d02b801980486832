/** The second half of the story: plan → bundle → render for each environment. Nothing is written here. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { BuildMemo } from './bundle/build.ts';
import { bundle } from './bundle/bundle.ts';
import { mergeAlike } from './config/apply-rules.ts';
import { plan } from './modules/plan.ts';
import { gitops } from './output/formats/gitops.ts';
import { type OutputTree, outputTree } from './output/manifest.ts';
import type { Project } from './project.ts';
import type { Format } from './render/format.ts';
import { render } from './render/render.ts';
import type { RenderedStack } from './render/rendered-stack.ts';
import { templateLibrary } from './render/template-library.ts';
import type { Diagnostic, Outcome, Place } from './report/diagnostic.ts';
import { outcome } from './report/diagnostic.ts';

/** One environment's output, and the same as data for those who compare. */
export interface Generated {
  tree: OutputTree;
  stacks: RenderedStack[];
}

/** All environments of the project share compiled templates and bundles. Every fault of every environment is reported. */
export async function generateAll(
  project: Project,
  options: { cwd: string; format?: Format },
): Promise<Outcome<Generated[]>> {
  const format = options.format ?? gitops;
  const templates = templateLibrary((file) => readFileSync(file, 'utf8'));
  const memo: BuildMemo = new Map();
  const diagnostics: Diagnostic[] = [];
  const generated: Generated[] = [];
  for (const resolved of project.environments) {
    const planned = plan(resolved, project.modules);
    diagnostics.push(...planned.diagnostics);
    if (!planned.ok) continue;
    const bundles = await bundle(planned.value.functions, {
      root: project.root,
      ...(project.cacheDir === undefined ? {} : { cacheDir: project.cacheDir }),
      memo,
    });
    diagnostics.push(...bundles.diagnostics);
    if (!bundles.ok) continue;
    const stacks = render({ plan: planned.value, bundles: bundles.value, format, templates });
    diagnostics.push(...stacks.diagnostics);
    if (!stacks.ok) continue;
    generated.push({
      tree: outputTree({ plan: planned.value, bundles: bundles.value, stacks: stacks.value, format: format.name }),
      stacks: stacks.value,
    });
  }
  const found = mergeAlike(diagnostics, project.environments.length);
  return outcome(
    generated,
    found.map((diagnostic) => fromCwd(diagnostic, options.cwd)),
  );
}

/** Template files are found by absolute path; people want them from where they stand. */
function fromCwd(diagnostic: Diagnostic, cwd: string): Diagnostic {
  if (diagnostic.place === undefined || !diagnostic.place.file.startsWith('/')) return diagnostic;
  const place: Place = { ...diagnostic.place, file: relative(cwd, diagnostic.place.file) };
  return { ...diagnostic, place };
}
