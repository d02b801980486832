/** What contracts say about resources, against the templates of every configuration we have. */
import { beforeAll, describe, expect, test } from 'vitest';
import { KEPT_TYPES } from '../../generator/aws/kept-types.ts';
import { isKept } from '../../generator/aws/template-change.ts';
import type { Json } from '../../generator/modules/contract.ts';
import type { RenderedStack } from '../../generator/render/rendered-stack.ts';
import { customName } from '../helpers/aws/cloudformation/resource-values.ts';
import { configFiles, renderConfig } from '../templates/rendering.ts';
import { contractOf, moduleIds } from './folders.ts';

const stacks: RenderedStack[] = [];
const diagnostics: string[] = [];

beforeAll(async () => {
  for (const { file } of configFiles()) {
    const rendered = await renderConfig(file);
    stacks.push(...Object.values(rendered.stacks).flat());
    diagnostics.push(
      ...rendered.diagnostics.filter((d) => d.code.startsWith('EP4')).map((d) => `${file}: ${d.message}`),
    );
  }
});

const resourcesOf = (id: string): string[] =>
  stacks.filter((stack) => stack.id === id).flatMap((stack) => Object.keys(stack.template.Resources ?? {}));

describe.each(moduleIds)('module %s', (id) => {
  test('owns and retains resources that exist', async () => {
    const { runtimeOwned, stateful } = await contractOf(id);
    const named = [
      ...runtimeOwned.map((item) => ({ ...item, list: 'runtimeOwned' })),
      ...stateful.map((item) => ({ ...item, list: 'stateful' })),
    ];
    const missing = named.filter(({ stack, resource }) => !resourcesOf(`${id}.${stack}`).includes(resource));
    expect(missing.map((m) => `${m.list} names ${m.resource}, which no configuration renders in ${m.stack}.`)).toEqual(
      [],
    );
  });

  test('can find again what it keeps under a fixed name', () => {
    const faults = stacks
      .filter((stack) => stack.id.startsWith(`${id}.`))
      .flatMap((stack) =>
        Object.entries(stack.template.Resources ?? {}).flatMap(([resource, definition]) =>
          isKept(definition) ? keptFaults(`${resource} in ${stack.id}`, definition as unknown as Definition) : [],
        ),
      );
    expect([...new Set(faults)]).toEqual([]);
  });

  test('names properties that the running product changes by their path', async () => {
    const { runtimeOwned } = await contractOf(id);
    const odd = runtimeOwned.filter(({ property }) => property !== '*' && !/^Properties(\.\w+)+$/.test(property));
    expect(odd.map(({ property }) => `${property} is neither \`*\` nor a path such as Properties.Rules.`)).toEqual([]);
  });
});

test('the view of every module is used up by its templates', () => expect(diagnostics).toEqual([]));

test('names of resources differ between environments of one account', () => {
  const seen = new Map<string, string>();
  const twice: string[] = [];
  for (const stack of stacks)
    for (const [id, resource] of Object.entries(stack.template.Resources ?? {})) {
      const name = nameOf(resource);
      if (name === undefined) continue;
      const where = `${stack.name}/${id}`;
      const first = seen.get(name);
      if (first !== undefined && first !== where) twice.push(`${name} is the name of ${first} and of ${where}.`);
      seen.set(name, where);
    }
  expect(twice).toEqual([]);
});

interface Definition {
  Type: string;
  Condition?: string;
  Properties?: { [name: string]: Json };
}

/** A name that is taken stops the next deployment, unless edgepass sees that it is taken by its own. */
function keptFaults(where: string, { Type, Condition, Properties = {} }: Definition): string[] {
  if (customName(Type, Properties) === undefined) return [];
  if (KEPT_TYPES[Type] === undefined)
    return [`${where} keeps its name when the stack goes: ${Type} needs a row in generator/aws/kept-types.ts.`];
  const tags = JSON.stringify(Properties.Tags ?? []);
  return [
    ...(Condition === undefined ? [] : [`${where} has a condition, and is not looked for.`]),
    ...(['edgepass:project', 'edgepass:environment'].every((key) => tags.includes(`"${key}"`))
      ? []
      : [`${where} has no tags that say whose it is.`]),
  ];
}

/** The physical name that a resource states, with its type. */
function nameOf(resource: unknown): string | undefined {
  const { Type, Properties = {} } = resource as { Type: string; Properties?: Record<string, unknown> };
  const config = Object.entries(Properties).find(([key]) => key.endsWith('Config'))?.[1] as
    | { Name?: string }
    | undefined;
  const name =
    Properties.Name ?? Properties.AlarmName ?? Properties.LogGroupName ?? Properties.TopicName ?? config?.Name;
  return typeof name === 'string' ? `${Type} ${name}` : undefined;
}
