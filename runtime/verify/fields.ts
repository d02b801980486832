import type { Field } from '../base/event.ts';

/** What a request has under a name: nothing, one value that is not empty, or something that is neither. */
export type Found = { is: 'absent' } | { is: 'empty' | 'repeated' } | { is: 'value'; value: string };

/** Looks a name up as own data: `constructor` or `__proto__` in a claim must not find what every object has. */
export function look(fields: Record<string, Field>, name: string): Found {
  if (!Object.hasOwn(fields, name)) return { is: 'absent' };
  const field = fields[name] as Field;
  if (field.multiValue !== undefined) return { is: 'repeated' };
  return field.value === '' ? { is: 'empty' } : { is: 'value', value: field.value };
}

/** The one value of a name; `''` when there is none or several. */
export function oneValue(fields: Record<string, Field>, name: string): string {
  const found = look(fields, name);
  return found.is === 'value' ? found.value : '';
}
