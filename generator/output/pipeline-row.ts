/** What a pipeline has to know of an environment before it has credentials. Pure. */
import type { RoleKind } from '../access/policies.ts';
import { ROLE_KINDS, roleArn } from '../access/roles.ts';
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
  /** ARN of the role that may rotate keys and revoke sessions. */
  operateRole: string;
}

export type GivenRoles = Readonly<Record<string, Partial<Record<RoleKind, string>>>>;

/** Source: IAM User Guide, "IAM identifiers". */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

export function rowOf(settings: Environment, given: GivenRoles): PipelineRow {
  const { name, account, region, project, protected: isProtected } = settings;
  // The roles of bootstrap, unless others are given.
  const role = (purpose: RoleKind): string =>
    given[name]?.[purpose] ?? roleArn({ account, project, environment: name }, purpose);
  return {
    environment: name,
    account,
    region,
    protected: isProtected,
    planRole: role('plan'),
    deployRole: role('deploy'),
    operateRole: role('operate'),
  };
}

/** Roles that somebody made by other means; what is not named keeps its usual name. Faults: EP7821. */
export function rolesFrom(text: string | undefined): Outcome<GivenRoles> {
  if (text === undefined || text.trim() === '') return outcome({});
  const fault = (why: string): Outcome<GivenRoles> =>
    failed({
      code: 'EP7821',
      severity: 'error',
      message: `EDGEPASS_ROLES cannot be read: ${why}.`,
      hint: 'Expected is JSON: {"prod": {"plan": "<ARN of a role>", "deploy": "<ARN of a role>", "operate": "<ARN of a role>"}}.',
    });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return fault('it is not JSON');
  }
  if (!isMap(given)) return fault('it is not an object');
  const roles = new Map<string, Partial<Record<RoleKind, string>>>();
  for (const [environment, entry] of Object.entries(given)) {
    if (!isMap(entry)) return fault('an environment is not an object');
    for (const [purpose, arn] of Object.entries(entry)) {
      if (!(ROLE_KINDS as readonly string[]).includes(purpose))
        return fault(`there is a member besides ${ROLE_KINDS.join(', ')}`);
      if (typeof arn !== 'string' || !ROLE_ARN.test(arn)) return fault('a value is not the ARN of a role');
    }
    roles.set(environment, entry as Partial<Record<RoleKind, string>>);
  }
  return outcome(Object.fromEntries(roles));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
