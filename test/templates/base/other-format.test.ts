/**
 * The templates of `base` in a format unlike the pipeline's: settings as parameters, code inline. A later format is then
 * one more implementation of three helpers, and no template has to change for it.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import type { RenderedStack } from '../../../generator/render/rendered-stack.ts';
import { root } from '../../helpers/config.ts';
import { generated } from '../../helpers/generated.ts';
import { outputParameter, parameterFormat } from '../../helpers/parameter-format.ts';

const text = readFileSync(`${root}/config.yaml`, 'utf8');
const literal = await generated(text);
const parameters = await generated(text, parameterFormat({}));

/**
 * The template with every parameter replaced by its default: what a stack is that nobody gave other values. Outputs of the
 * other stack have one name in both formats; where the code comes from is left out.
 */
function withDefaults({ template, parameters: sources }: RenderedStack): Json {
  const { Parameters = {}, ...rest } = template as unknown as {
    Parameters?: Record<string, { Default?: Json }>;
  } & Record<string, Json>;
  const outputs = new Map(
    sources.flatMap(({ name, source }) => ('output' in source ? [[name, source.output]] : []) as [string, string][]),
  );
  const replace = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(replace);
    if (typeof node !== 'object' || node === null) return node;
    const { Ref } = node;
    if (typeof Ref === 'string' && Parameters[Ref]?.Default !== undefined) return Parameters[Ref].Default;
    const output = typeof Ref === 'string' ? outputs.get(Ref) : undefined;
    if (output !== undefined) return { Ref: outputParameter(output) };
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, key === 'Code' ? 'code' : replace(value)]),
    );
  };
  return replace(rest);
}

const stacks = literal.environments.flatMap(({ tree, stacks: list }, index) =>
  list.map(
    (stack, position) =>
      [`${tree.environment} ${stack.id}`, stack, parameters.environments[index]?.stacks[position]] as const,
  ),
);

describe('base in another format', () => {
  it('renders every stack without a fault', () => {
    expect([...literal.diagnostics, ...parameters.diagnostics].filter((d) => d.severity === 'error')).toEqual([]);
    expect(stacks.length).toBeGreaterThanOrEqual(6);
  });

  it('turns settings into parameters', () => {
    const declared = parameters.environments.flatMap(({ stacks: list }) =>
      list.flatMap((stack) => stack.parameters.map((p) => p.name)),
    );
    expect(new Set(declared).size).toBeGreaterThan(5);
  });

  it.each(stacks)('%s is the same stack when every parameter keeps its default', (_name, gitops, other) => {
    if (other === undefined) throw new Error('not rendered');
    expect(withDefaults(other)).toEqual(withDefaults(gitops));
  });
});
