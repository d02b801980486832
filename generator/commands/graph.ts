import { plan } from '../modules/plan.ts';
import type { Plan } from '../modules/plan-types.ts';
import { type Diagnostic, hasErrors } from '../report/diagnostic.ts';
import { mermaid } from '../report/mermaid.ts';
import { printablePlan } from '../report/printable-plan.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { open } from './open.ts';
import { show } from './show.ts';

export const graph: Command = {
  name: 'graph',
  summary: 'Draw modules, stacks and functions as Mermaid',
  usage: '[--env <environment>]',
  options: {
    env: { type: 'string', help: 'Environment to draw (default: the first, when all have the same modules)' },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const { environments, modules, root } = opened.value;
    const planned = environments.map((environment) => plan(environment, modules));
    const diagnostics: Diagnostic[] = [...opened.diagnostics, ...planned.flatMap((result) => result.diagnostics)];
    if (hasErrors(diagnostics)) return show(diagnostics, args, io);
    const plans = planned.flatMap((result) => (result.ok ? [result.value] : []));
    if (args.json) return show(diagnostics, args, io, { plans: plans.map((each) => printablePlan(each, root)) });
    // Nothing but the picture: warnings are what `validate` is for.
    io.stdout(mermaid(one(plans)));
    return EXIT.fine;
  },
};

/** The first plan stands for all when they differ in names and Regions only. */
function one(plans: readonly Plan[]): Plan {
  const shapes = new Map<string, string[]>();
  for (const each of plans) shapes.set(shape(each), [...(shapes.get(shape(each)) ?? []), each.environment.name]);
  const [first] = plans;
  if (first === undefined) throw new Error('there is no environment, though the schema demands one');
  if (shapes.size === 1) return first;
  const alike = [...shapes.values()].map((names) => names.join(', '));
  throw new UsageError(
    'Say which environment: --env <environment>.',
    `These do not have the same stacks: ${alike.join(' | ')}.`,
  );
}

function shape({ stacks, functions }: Plan): string {
  const parts = stacks.map(({ id, placement, wires, contributions }) => ({
    id,
    placement,
    wires,
    contributions: contributions.map(({ module, template }) => [module, template]),
  }));
  return JSON.stringify([parts, functions.map(({ id, kind }) => [id, kind])]);
}
