/**
 * Findings of the validators that are right to be there, each with its reason. Whatever is not listed here fails the
 * tests, and so does an entry that no finding matches any more.
 */
import type { Found } from './validators/found.ts';

export interface Explained {
  tool: Found['tool'];
  rule: string;
  /** Logical id, or a pattern for all resources concerned. */
  resource: RegExp;
  because: string;
}

export const EXPLAINED: readonly Explained[] = [];

/** Whether an entry explains a finding. */
export function explains({ tool, rule, resource }: Explained, found: Found): boolean {
  return found.tool === tool && found.rule === rule && resource.test(found.resource ?? '');
}
