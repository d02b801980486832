/** The plan as a Mermaid flowchart, the form that GitHub shows as a picture. */
import type { Plan, PlannedFunction, PlannedStack } from '../modules/plan-types.ts';

/** One environment. Ends with a newline; the same plan gives the same text. */
export function mermaid(plan: Plan): string {
  const { environment, stacks, functions } = plan;
  const modules = [
    ...new Set(
      [...stacks, ...functions, ...stacks.flatMap((stack) => stack.contributions)].map(({ module }) => module),
    ),
  ];
  const order = new Map(stacks.map(({ id }, index) => [id, `deployed ${index + 1} of ${stacks.length}`]));
  const lines = [
    '---',
    // JSON is YAML, so no name can break the heading.
    `title: ${JSON.stringify(`${environment.project} ${environment.name}`)}`,
    '---',
    'flowchart LR',
    ...modules.flatMap((module) => [
      `  subgraph ${nodeId('module', module)}["${label(module)}"]`,
      ...stacks
        .filter((stack) => stack.module === module)
        .map((stack) => `    ${stackNode(stack, order.get(stack.id) ?? '')}`),
      ...functions.filter((fn) => fn.module === module).map((fn) => `    ${functionNode(fn)}`),
      ...contributionsOf(module, stacks).map(({ node }) => `    ${node}`),
      '  end',
    ]),
    ...stacks.flatMap((stack) => wires(stack)),
    ...modules.flatMap((module) => contributionsOf(module, stacks).map(({ arrow }) => `  ${arrow}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function stackNode({ id, name, placement, region }: PlannedStack, order: string): string {
  return `${nodeId('stack', id)}["${[id, name, `${placement} (${region})`, order].map(label).join('<br/>')}"]`;
}

function functionNode(fn: PlannedFunction): string {
  const size = fn.kind === 'lambda' ? [`${fn.memory} MB, ${fn.timeout} s`] : [];
  const parts = [fn.id, fn.kind, ...size];
  return `${nodeId('function', fn.id)}(["${parts.map(label).join('<br/>')}"])`;
}

/** Several outputs of one stack share an arrow: pictures with many parallel arrows are not read. */
function wires({ id, wires: all }: PlannedStack): string[] {
  return [...new Set(all.map(({ from }) => from))].map((from) => {
    const outputs = all.filter((wire) => wire.from === from).map(({ output }) => label(output));
    return `  ${nodeId('stack', from)} -->|"${outputs.join('<br/>')}"| ${nodeId('stack', id)}`;
  });
}

/** What a module adds to stacks of others. */
function contributionsOf(module: string, stacks: readonly PlannedStack[]): { node: string; arrow: string }[] {
  const targets = stacks.flatMap(({ id, contributions }) =>
    contributions.filter((contribution) => contribution.module === module).map(({ template }) => ({ id, template })),
  );
  return targets.map(({ id, template }, index) => {
    const node = nodeId('contribution', `${module}.${index}`);
    const file = template.split(/[/\\]/).at(-1) ?? template;
    return { node: `${node}[/"${label(file)}"/]`, arrow: `${node} -.->|"adds to"| ${nodeId('stack', id)}` };
  });
}

/** The kind in front keeps words of the language (`end`) from being ids, and ids of two kinds apart. */
function nodeId(kind: string, id: string): string {
  return `${kind}_${id.replace(/[^A-Za-z0-9]/g, '_')}`;
}

/** Mermaid reads `#name;` in a label as a character. */
function label(text: string): string {
  const names: Record<string, string> = {
    '"': '#quot;',
    '<': '#lt;',
    '>': '#gt;',
    '&': '#amp;',
    '#': '#35;',
    '`': '#96;',
  };
  return text.replace(/["<>&#`]/g, (char) => names[char] ?? char).replace(/\s+/g, ' ');
}
