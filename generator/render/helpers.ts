/** The helpers of templates: five insert a value, three are blocks. */
import type { Json } from '../modules/contract.ts';
import type { Format, StackContext } from './format.ts';
import { descend, type Scope } from './view-path.ts';

/** Kind of the only argument of each helper. */
export const HELPERS = {
  value: 'view path in quotes',
  json: 'name',
  output: 'id in quotes',
  asset: 'id in quotes',
  code: 'id in quotes',
  if: 'name',
  unless: 'name',
  each: 'name',
} as const;

export type HelperName = keyof typeof HELPERS;
export type BlockName = 'if' | 'unless' | 'each';
export type InsertName = Exclude<HelperName, BlockName>;

export const BLOCKS: readonly HelperName[] = ['if', 'unless', 'each'] satisfies BlockName[];

interface InsertArgs {
  /** As written: a path or an id. */
  argument: string;
  scope: Scope;
  format: Format;
  context: StackContext;
}

/** What each helper inserts. A missing name is a bug here: the lint and the checks have looked before. */
export const INSERTS: Readonly<Record<InsertName, (args: InsertArgs) => Json>> = {
  json: ({ argument, scope }) => descend(scope, argument).value,
  value: ({ argument, scope, format, context }) => {
    const { path, value } = descend(scope, argument);
    return format.value(context, path, value);
  },
  output: ({ argument, format, context }) => format.output(context, argument),
  asset: ({ argument, format, context }) => format.asset(context, argument),
  code: ({ argument, context }) => {
    const bundle = context.bundles.get(argument);
    if (!bundle) throw new Error(`no bundle of function ${argument}`);
    // CloudFront takes function text only inline, so no format has a say here.
    return new TextDecoder().decode(bundle.bytes);
  },
};
