/** The render stage: plan and bundles → CloudFormation templates, checked and printed canonically. */
import type { Bundle } from '../bundle/bundle-types.ts';
import type { Json } from '../modules/contract.ts';
import type { Plan } from '../modules/plan-types.ts';
import { type Diagnostic, type Outcome, outcome } from '../report/diagnostic.ts';
import type { Format } from './format.ts';
import type { ViewReference } from './lint-log.ts';
import { renderStack } from './render-stack.ts';
import type { RenderedStack } from './rendered-stack.ts';
import type { TemplateLibrary } from './template-library.ts';
import { unusedMembers } from './template-names.ts';

export interface RenderArgs {
  plan: Plan;
  bundles: readonly Bundle[];
  format: Format;
  /** Shared by all environments of a run, so that each template file is read and compiled once. */
  templates: TemplateLibrary;
}

/** Renders every stack of the plan, in its order. */
export function render({ plan, bundles, format, templates }: RenderArgs): Outcome<RenderedStack[]> {
  const byId = new Map(bundles.map((bundle) => [bundle.id, bundle]));
  const { environment } = plan;
  const results = plan.stacks.map((stack) => renderStack({ stack, environment, bundles: byId, format, templates }));
  const stacks = results.map((result) => result.stack).filter((stack) => stack !== undefined);
  const diagnostics = results.flatMap((result) =>
    result.diagnostics.map((found) => ({ ...found, environment: environment.name })),
  );
  return outcome(stacks, [...unique(diagnostics), ...unusedViewMembers(plan, templates)]);
}

/** Members of a module's view that none of its templates reads. */
function unusedViewMembers({ stacks }: Plan, templates: TemplateLibrary): Diagnostic[] {
  const modules = new Map<string, { file: string; view: { [name: string]: Json }; names: ViewReference[] }>();
  for (const stack of stacks) {
    for (const { module, template, view } of [stack, ...stack.contributions]) {
      const { names, diagnostics } = templates.get(template);
      // What a faulty template uses is not known.
      if (diagnostics.length > 0) return [];
      const entry = modules.get(module);
      if (entry) entry.names.push(...names);
      else modules.set(module, { file: template, view, names: [...names] });
    }
  }
  return [...modules].flatMap(([module, { file, view, names }]) =>
    unusedMembers(names, view).map((member) => ({
      code: 'EP4005' as const,
      severity: 'warning' as const,
      message: `No template of module ${module} uses ${member} of its view`,
      hint: 'Use it, or take it out of view() in module.ts.',
      place: { file },
    })),
  );
}

/** A template that serves several stacks shows its faults once. */
function unique(diagnostics: Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    return !seen.has(key) && seen.add(key);
  });
}
