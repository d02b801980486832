/** The roles of a pipeline: their names, and whom and what each is for. */
import type { Scope } from './grant.ts';
import { type PolicyDocument, policyDocument } from './grant.ts';
import { type PolicyScope, ROLES, type RoleKind, roleGrants } from './policies.ts';
import { type Repository, type TrustPolicy, trustPolicy } from './trust.ts';

/** A path of their own keeps them out of the names that a deployment may change (`role/<project>-<environment>-*`). */
export const ROLE_PATH = '/edgepass/';

export const ROLE_KINDS = Object.keys(ROLES) as RoleKind[];

type Named = Pick<Scope, 'project' | 'environment'>;

export function roleName({ project, environment }: Named, kind: RoleKind): string {
  return `edgepass-${project}-${environment}-${kind}`;
}

export function roleArn(scope: Named & Pick<Scope, 'account'>, kind: RoleKind): string {
  return `arn:aws:iam::${scope.account}:role${ROLE_PATH}${roleName(scope, kind)}`;
}

/** A plan is made for pull requests, and for the branch that is deployed (drift is looked for there); only jobs of the environment deploy and operate. */
export function contextsOf(kind: RoleKind, { environment, branch }: { environment: string; branch: string }): string[] {
  return kind === 'plan' ? ['pull_request', `ref:refs/heads/${branch}`] : [`environment:${environment}`];
}

export interface RoleTrust {
  kind: RoleKind;
  scope: Pick<Scope, 'account' | 'environment'>;
  repository: Repository;
  branch: string;
}

export function roleTrust({ kind, scope, repository, branch }: RoleTrust): TrustPolicy {
  const contexts = contextsOf(kind, { environment: scope.environment, branch });
  return trustPolicy({ account: scope.account, repository, contexts });
}

/** Most characters of a managed policy, without blanks. Source: IAM User Guide, "IAM and AWS STS quotas". */
const MAX_POLICY = 6_144;

export interface RolePolicy {
  document: PolicyDocument;
  /** Sid → why the statement has to name every resource. */
  wildcards: Record<string, string>;
}

/** The permissions of a role in as few managed policies as they fit in. */
export function rolePolicies(kind: RoleKind, scope: PolicyScope): RolePolicy[] {
  const parts: (typeof grants)[] = [[]];
  const grants = roleGrants(kind, scope);
  for (const grant of grants) {
    const last = parts.at(-1) ?? [];
    if (JSON.stringify(policyDocument([...last, grant])).length > MAX_POLICY && last.length > 0) parts.push([grant]);
    else last.push(grant);
  }
  return parts.map((part) => ({
    document: policyDocument(part),
    wildcards: Object.fromEntries(
      part.filter(({ resources }) => resources.includes('*')).map(({ sid, because }) => [sid, because]),
    ),
  }));
}
