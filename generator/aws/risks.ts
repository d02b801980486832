/** What a reader must not overlook, and what deploy refuses unless it is allowed by name. Pure. */
import type { PermissionChange } from '../diff/change-report.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Kept } from './kept.ts';
import { reasonOf } from './owned.ts';
import type { PreviewResource, Risk } from './preview-report.ts';
import type { SurveyedStack } from './survey.ts';

export interface RiskInputs {
  /** Joined rows, or those of the template. */
  resources: readonly PreviewResource[];
  permissions: readonly PermissionChange[];
  protected: boolean;
  /** Change sets of others on the stack. */
  foreign?: readonly string[];
}

export function risksOf(found: SurveyedStack, inputs: RiskInputs): Risk[] {
  const { stack, action, template, kept, begun } = found;
  const at = { stack: stack.id };
  const told = action === 'blocked' || kept.length === 0 ? [] : [takingUp(at, kept)];
  if (action !== 'update') return told;
  const owned = new Set((template?.owned ?? []).map(({ resource }) => resource));
  for (const { id, properties } of inputs.resources) if (properties.some((p) => p.runtimeOwned)) owned.add(id);
  // What a new stack allows is new all over, also when it began with taking things up.
  const widened = begun ? 0 : inputs.permissions.filter(({ widens }) => widens).length;
  return [
    ...told,
    ...inputs.resources.flatMap((resource) => stateRisk(at, resource)),
    ...[...owned].map((resource): Risk => {
      const message = `${resource} (${stack.id}) has a value that the running product writes itself. ${reasonOf(stack.runtimeOwned, resource)} Deploying would undo it.`;
      return { ...at, kind: 'runtime-owned', resource, message, needsAllow: true };
    }),
    ...(widened === 0 ? [] : [widening(at, { widened, needsAllow: inputs.protected })]),
    ...(inputs.foreign ?? []).map((name): Risk => {
      const message = `${stack.id} has change set ${name}, which edgepass did not make. Deploying makes AWS delete it.`;
      return { ...at, kind: 'other-change-set', message, needsAllow: true };
    }),
  ];
}

function takingUp(at: { stack: string }, kept: readonly Kept[]): Risk {
  const one = kept.length === 1;
  const names = kept.map(({ resource, name }) => `${resource} (${name})`).join(', ');
  const message = `${one ? '1 resource that was kept is' : `${kept.length} resources that were kept are`} taken up again by ${at.stack}, with what ${one ? 'it holds' : 'they hold'}: ${names}.`;
  return { ...at, kind: 'take-up-state', message, needsAllow: false };
}

function stateRisk(at: { stack: string }, { id, action, stateful, retained }: PreviewResource): Risk[] {
  if (stateful !== true) return [];
  const fate = retained ? 'The old one stays in the account, unused.' : 'What it holds is lost.';
  const kind = ({ remove: 'remove-state', replace: 'replace-state', 'maybe-replace': 'replace-state' } as const)[
    action as string
  ];
  if (kind === undefined) return [];
  const what = { remove: 'is removed', replace: 'is replaced' }[action as string] ?? 'may be replaced';
  const message = `${id} (${at.stack}) holds state and ${what}. ${fate}`;
  return [{ ...at, kind, resource: id, message, needsAllow: true }];
}

function widening(at: { stack: string }, { widened, needsAllow }: { widened: number; needsAllow: boolean }): Risk {
  const message = `${at.stack} allows more than before (${widened} statement${widened === 1 ? '' : 's'}).`;
  return { ...at, kind: 'widen-permissions', message, needsAllow };
}

/** Refused risks as diagnostics (EP7302). */
export function refusals(risks: readonly Risk[], allowed: readonly string[]): Diagnostic[] {
  return risks
    .filter(({ kind, needsAllow }) => needsAllow && !allowed.includes(kind))
    .map(
      ({ kind, message }): Diagnostic => ({
        code: 'EP7302',
        severity: 'error',
        message,
        hint: `If that is what you want: --allow ${kind}`,
      }),
    );
}
