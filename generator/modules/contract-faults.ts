/** Checks a contract's shape at run time: an operator's own module may never have met the type checker. */

type Shape = 'text' | 'list' | 'map' | 'function' | 'flag';

const MEMBERS: Record<string, { shape: Shape; optional?: true }> = {
  title: { shape: 'text' },
  summary: { shape: 'text' },
  always: { shape: 'flag', optional: true },
  requires: { shape: 'list' },
  stacks: { shape: 'map' },
  functions: { shape: 'map' },
  outputs: { shape: 'map' },
  imports: { shape: 'list' },
  contributes: { shape: 'list', optional: true },
  view: { shape: 'function' },
  rules: { shape: 'function' },
  runtimeOwned: { shape: 'list' },
  stateful: { shape: 'list' },
  permissions: { shape: 'list' },
  adopts: { shape: 'map', optional: true },
};

const NAME = /^[a-z][A-Za-z0-9]*$/;

/** Sentences, one for each thing that is missing or wrong; empty for a usable contract. */
export function contractFaults(contract: unknown): string[] {
  if (!isMap(contract)) return ['module.ts has no contract as its default export.'];
  const faults = Object.entries(MEMBERS).flatMap(([name, { shape, optional }]) => {
    const value = contract[name];
    if (value === undefined) return optional ? [] : [`\`${name}\` is missing.`];
    return fits(value, shape) ? [] : [`\`${name}\` has to be a ${shape}.`];
  });
  faults.push(
    ...Object.keys(contract)
      .filter((name) => !(name in MEMBERS))
      .map((name) => `\`${name}\` is not a member of the contract.`),
  );
  if (faults.length > 0) return faults;
  return [...stackFaults(contract), ...functionFaults(contract), ...namedStacks(contract)];
}

function stackFaults(contract: Record<string, unknown>): string[] {
  return Object.entries(contract.stacks as Record<string, unknown>).flatMap(([name, stack]) => {
    if (!NAME.test(name)) return [`the stack name \`${name}\` is not a plain word.`];
    if (!isMap(stack)) return [`stack \`${name}\` has to be a map.`];
    const faults: string[] = [];
    if (typeof stack.template !== 'string' || !stack.template.endsWith('.yaml.hbs'))
      faults.push(`stack \`${name}\` needs a \`template\` that ends in .yaml.hbs.`);
    if (stack.placement !== 'home' && stack.placement !== 'edge')
      faults.push(`stack \`${name}\` needs a \`placement\`: home or edge.`);
    if (typeof stack.description !== 'string' || stack.description === '')
      faults.push(`stack \`${name}\` needs a \`description\`.`);
    return faults;
  });
}

function functionFaults(contract: Record<string, unknown>): string[] {
  return Object.entries(contract.functions as Record<string, unknown>).flatMap(([name, fn]) => {
    if (!NAME.test(name)) return [`the function name \`${name}\` is not a plain word.`];
    if (!isMap(fn)) return [`function \`${name}\` has to be a map.`];
    const faults: string[] = [];
    if (typeof fn.entry !== 'string') faults.push(`function \`${name}\` needs an \`entry\`.`);
    if (fn.kind === 'lambda') {
      if (fn.handler !== undefined && !(typeof fn.handler === 'string' && NAME.test(fn.handler)))
        faults.push(`function \`${name}\` needs a \`handler\` that is the name of an export.`);
      if (!between(fn.memory, 128, 10_240)) faults.push(`function \`${name}\` needs \`memory\` of 128 to 10,240 MB.`);
      if (!between(fn.timeout, 1, 900)) faults.push(`function \`${name}\` needs a \`timeout\` of 1 to 900 seconds.`);
    } else if (fn.kind === 'edge-function') {
      if (typeof fn.configure !== 'function') faults.push(`edge function \`${name}\` needs \`configure\`.`);
    } else if (fn.kind === 'site') {
      if (typeof fn.headers !== 'function') faults.push(`site \`${name}\` needs \`headers\`.`);
    } else faults.push(`function \`${name}\` has no known \`kind\`: lambda, edge-function or site.`);
    return faults;
  });
}

/** Outputs, imports and the lists about resources name a stack of the module. */
function namedStacks(contract: Record<string, unknown>): string[] {
  const stacks = Object.keys(contract.stacks as object);
  const named: [string, unknown][] = [
    ...Object.entries(contract.outputs as Record<string, unknown>).map(([name, output]): [string, unknown] => [
      `output \`${name}\``,
      output,
    ]),
    ...(['imports', 'runtimeOwned', 'stateful'] as const).flatMap((member) =>
      (contract[member] as unknown[]).map((item, index): [string, unknown] => [`${member}[${index}]`, item]),
    ),
  ];
  return named.flatMap(([what, item]) =>
    isMap(item) && typeof item.stack === 'string' && stacks.includes(item.stack)
      ? []
      : [`${what} names no stack of the module.`],
  );
}

function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'text') return typeof value === 'string' && value !== '';
  if (shape === 'list') return Array.isArray(value);
  if (shape === 'map') return isMap(value);
  return typeof value === (shape === 'flag' ? 'boolean' : 'function');
}

function between(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
