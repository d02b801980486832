/** What a pipeline has to know of an environment before it has credentials. Pure. */
import type { Environment } from '../modules/contract.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';

export interface PipelineRow {
  environment: string;
  account: string;
  /** Home Region. */
  region: string;
  protected: boolean;
  /** ARN of the role that may look. */
  planRole: string;
  /** ARN of the role that may change. */
  deployRole: string;
}

type Purpose = 'plan' | 'deploy';

export type GivenRoles = Readonly<Record<string, Partial<Record<Purpose, string>>>>;

/** Source: IAM User Guide, "IAM identifiers". */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

export function rowOf(settings: Environment, given: GivenRoles): PipelineRow {
  const { name, account, region, protected: isProtected } = settings;
  const role = (purpose: Purpose): string => given[name]?.[purpose] ?? usualRole(settings, purpose);
  return {
    environment: name,
    account,
    region,
    protected: isProtected,
    planRole: role('plan'),
    deployRole: role('deploy'),
  };
}

/** As bootstrap makes them. */
function usualRole({ account, project, name }: Environment, purpose: Purpose): string {
  return `arn:aws:iam::${account}:role/edgepass/edgepass-${project}-${name}-${purpose}`;
}

/** Roles that somebody made by other means; what is not named keeps its usual name. Faults: EP7821. */
export function rolesFrom(text: string | undefined): Outcome<GivenRoles> {
  if (text === undefined || text.trim() === '') return outcome({});
  const fault = (why: string): Outcome<GivenRoles> =>
    failed({
      code: 'EP7821',
      severity: 'error',
      message: `EDGEPASS_ROLES cannot be read: ${why}.`,
      hint: 'Expected is JSON: {"prod": {"plan": "<ARN of a role>", "deploy": "<ARN of a role>"}}.',
    });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return fault('it is not JSON');
  }
  if (!isMap(given)) return fault('it is not an object');
  const roles = new Map<string, Partial<Record<Purpose, string>>>();
  for (const [environment, entry] of Object.entries(given)) {
    if (!isMap(entry)) return fault('an environment is not an object');
    for (const [purpose, arn] of Object.entries(entry)) {
      if (purpose !== 'plan' && purpose !== 'deploy') return fault('there is a member besides plan and deploy');
      if (typeof arn !== 'string' || !ROLE_ARN.test(arn)) return fault('a value is not the ARN of a role');
    }
    roles.set(environment, entry as Partial<Record<Purpose, string>>);
  }
  return outcome(Object.fromEntries(roles));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
