import type { Field } from './event.ts';

/**
 * The value of a field that is there exactly once; else `''`. Asking for the type also answers names such as `__proto__`
 * and `constructor`, which lead to something that is no field.
 */
export function single(field: Field | undefined): string {
  const value = field && !field.multiValue && field.value;
  return typeof value === 'string' ? value : '';
}
