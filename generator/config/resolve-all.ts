/** Resolves the environments of a validated document and applies the rules: every fault of every environment. */
import type { Module } from '../modules/module.ts';
import { type Diagnostic, type Outcome, outcome } from '../report/diagnostic.ts';
import { applyRules, mergeAlike } from './apply-rules.ts';
import { type ResolvedEnvironment, resolve } from './resolve.ts';
import type { ValidatedConfig } from './validate.ts';

/** `only`: just this environment. A finding that holds in several is reported once. */
export function resolveAll(
  config: ValidatedConfig,
  modules: readonly Module[],
  only?: string,
): Outcome<ResolvedEnvironment[]> {
  const names = only === undefined ? config.environments : [only];
  const diagnostics: Diagnostic[] = [];
  const environments: ResolvedEnvironment[] = [];
  for (const name of names) {
    const resolved = resolve(config, name);
    diagnostics.push(...resolved.diagnostics);
    if (!resolved.ok) continue;
    environments.push(resolved.value);
    diagnostics.push(...applyRules(resolved.value, modules));
  }
  return outcome(environments, mergeAlike(diagnostics, names.length));
}
