/** Runs the rules and the modules' own rules on one environment and finds the place of what they find. */
import type { Module } from '../modules/module.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { moduleSettings, typedEnvironment } from './environment.ts';
import { locate } from './locate.ts';
import { type ResolvedEnvironment, sourcePointer } from './resolve.ts';
import { RULES } from './rules/index.ts';
import { at, type RuleFinding } from './rules/rule.ts';

export function applyRules(resolved: ResolvedEnvironment, modules: readonly Module[]): Diagnostic[] {
  const environment = typedEnvironment(resolved);
  const findings = [...RULES.flatMap((rule) => rule(environment)), ...missingModules(resolved, modules)];
  // A module's rules may rely on what the core's rules assert, for example that every stream's policy exists.
  if (!findings.some((finding) => finding.severity === 'error'))
    for (const { id, contract } of modules) {
      if (!environment.modules.includes(id)) continue;
      for (const { rule, message, ...finding } of contract.rules(moduleSettings(resolved, id), environment))
        findings.push({ code: 'EP1301', ...finding, message: `${message} (${id}/${rule})` });
    }
  return findings.map((finding) => placed(finding, resolved));
}

/** What a module needs and is off, found here so that it has a place: where the module is on, or where the other is taken away. */
function missingModules(resolved: ResolvedEnvironment, modules: readonly Module[]): RuleFinding[] {
  const { modules: ids } = typedEnvironment(resolved);
  const missing = modules.flatMap(({ id, contract }) =>
    ids.includes(id) ? contract.requires.filter((other) => !ids.includes(other)).map((other) => [id, other]) : [],
  );
  return missing.map(([id = '', other = '']) => {
    const isTakenAway = resolved.provenance.get(at('modules', other))?.pointer !== undefined;
    return {
      code: 'EP2003',
      severity: 'error',
      path: at('modules', isTakenAway ? other : id),
      message: `Module \`${id}\` requires module \`${other}\`, which is off.`,
      hint: isTakenAway
        ? `Leave \`${other}: null\` out, or take \`${id}\` away with it: \`${id}: null\`.`
        : `Add \`${other}: {}\` under \`modules\`, or take \`${id}\` away.`,
    };
  });
}

function placed({ path, ...finding }: RuleFinding, resolved: ResolvedEnvironment): Diagnostic {
  const pointer = sourcePointer(path, resolved);
  return { ...finding, path, environment: resolved.name, place: locate(resolved.config.source, pointer) };
}

/** One finding that holds in several environments is shown once; `environment` stays only where it does not hold in all. */
export function mergeAlike(diagnostics: readonly Diagnostic[], environments: number): Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { environment: _environment, ...rest } = diagnostic;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), diagnostic]);
  }
  return [...groups.values()].map((group) => {
    const { environment: _environment, ...rest } = group[0] as Diagnostic;
    const names = [...new Set(group.flatMap((d) => d.environment ?? []))];
    return names.length === 0 || (names.length === environments && environments > 1)
      ? rest
      : { ...rest, environment: names.join(', ') };
  });
}
