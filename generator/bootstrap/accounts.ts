/** Which accounts and Regions the environments of a project need. */
import { regionsOf } from '../access/grant.ts';
import type { PolicyScope } from '../access/policies.ts';
import type { Repository } from '../access/trust.ts';

export interface Account {
  project: string;
  account: string;
  /** All environments of the account: its stack is theirs together, whichever of them was asked for. */
  environments: PolicyScope[];
  regions: string[];
}

/** Whom the roles of an account trust. */
export interface Access {
  repository: Repository;
  /** The branch that is deployed. */
  branch: string;
  /** ARN of a policy that limits the roles, whatever they are allowed. */
  boundary?: string;
}

/** In the order of their first environment. */
export function accountsOf(scopes: readonly PolicyScope[]): Account[] {
  const accounts = new Map<string, Account>();
  for (const scope of scopes) {
    const { project, account } = scope;
    const known = accounts.get(account) ?? { project, account, environments: [], regions: [] };
    known.environments.push(scope);
    known.regions = [...new Set([...known.regions, ...regionsOf(scope)])];
    accounts.set(account, known);
  }
  return [...accounts.values()];
}
