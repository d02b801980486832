/** What a rule of this module is: one function that looks at one relation between settings. */
import type { Environment, Finding } from '../../generator/modules/contract.ts';
import type { BaseSettings } from './settings.ts';

export type Rule = (settings: BaseSettings, environment: Environment) => Finding[];

/** Pointers to settings of this module. */
export const AT = {
  attach: '/modules/base/distribution/attach',
  plan: '/modules/base/distribution/plan',
  cacheQuery: '/modules/base/distribution/cacheQuery',
  waf: '/modules/base/revocation/waf',
  rotateEvery: '/modules/base/keys/rotateEvery',
  propagation: '/modules/base/keys/propagation',
} as const;

/** The finding where the condition holds. */
export function when(condition: boolean, finding: Finding): Finding[] {
  return condition ? [finding] : [];
}

/** `"a", "b" and "c"` in backticks. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}
