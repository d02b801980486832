/**
 * No `{{` is left for nobody to replace. CloudFormation replaces `{{resolve:…}}` itself, but not in the text of an
 * edge function: a secret must not be in function code, where every viewer request runs.
 */
import type { Json } from '../../modules/contract.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { type Check, finding } from './check.ts';

/** Properties that hold program text, in which `{{` is ordinary. */
const CODE = ['FunctionCode', 'ZipFile'];

export const placeholders: Check = (context) => {
  const found: Diagnostic[] = [];
  const visit = (value: Json, where: { id: string; name: string; chain: readonly unknown[] }): void => {
    if (value !== null && typeof value === 'object') {
      const chain = [value, ...where.chain];
      for (const [name, member] of Object.entries(value))
        visit(member, {
          id: where.id,
          name: Array.isArray(value) || name.startsWith('Fn::') ? where.name : name,
          chain,
        });
      return;
    }
    if (typeof value !== 'string') return;
    const isCode = CODE.includes(where.name);
    if (isCode ? !value.includes('{{resolve:') : !/\{\{(?!resolve:)/.test(value)) return;
    found.push(
      finding(context, {
        code: 'EP4039',
        message: isCode
          ? `the code of ${where.id} has a dynamic reference ({{resolve:…}})`
          : `${where.name} of ${where.id} has an unresolved {{`,
        hint: isCode
          ? 'Read the value from KeyValueStore at run time.'
          : 'Insert values with {{json name}} as the whole value.',
        at: where.chain,
      }),
    );
  };
  for (const entries of Object.values(context.template)) {
    for (const [id, entry] of Object.entries(entries)) visit(entry, { id, name: id, chain: [] });
  }
  return found;
};
