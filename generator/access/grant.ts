/** A grant: actions on resources with the reason. Policies of commands and of roles are made of these and nothing else. */

/**
 * `read` changes nothing and reveals no secret. `propose` makes change sets, which change nothing until somebody executes
 * them. `write` is everything else.
 */
export type GrantKind = 'read' | 'propose' | 'write';

export interface Grant {
  /** Name of the statement: letters and digits, unique in a policy. */
  sid: string;
  kind: GrantKind;
  actions: readonly string[];
  /** ARNs, `*` for actions that know no resource. */
  resources: readonly string[];
  condition?: Condition;
  because: string;
}

/** Operator → condition key → values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * Any item of a table but the one with this key. A request without keys does not pass: `ForAllValues` by itself is met by it.
 * Sources: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control" (`dynamodb:LeadingKeys` wants
 * `ForAllValues`); IAM User Guide, "Single-valued vs. multivalued context keys" (`Null` against keys that are missing).
 */
export function itemsBut(key: string): Condition {
  return {
    'ForAllValues:StringNotEquals': { 'dynamodb:LeadingKeys': [key] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** What an environment's names and places begin with: enough to say which resources are its own. */
export interface Scope {
  project: string;
  environment: string;
  account: string;
  region: string;
}

/** CloudFront and what belongs to it is deployed there. */
export const EDGE = 'us-east-1';

/** Regions of an environment, each once. */
export function regionsOf({ region }: Pick<Scope, 'region'>): string[] {
  return [...new Set([EDGE, region])];
}

/** A statement of an IAM policy. Source: IAM User Guide, "IAM JSON policy element reference". */
export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
  Condition?: Condition;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: Statement[];
}

export function policyDocument(grants: readonly Grant[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: grants.map(statement) };
}

function statement({ sid, actions, resources, condition }: Grant): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: [...new Set(actions)].sort(),
    Resource: [...new Set(resources)].sort(),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

/** Grants of one Sid become one; the first says why, and on what condition. */
export function joinGrants(grants: readonly Grant[]): Grant[] {
  const joined = new Map<string, Grant>();
  for (const grant of grants) {
    const known = joined.get(grant.sid);
    joined.set(
      grant.sid,
      known === undefined
        ? grant
        : {
            ...known,
            actions: [...new Set([...known.actions, ...grant.actions])],
            resources: [...new Set([...known.resources, ...grant.resources])],
          },
    );
  }
  return [...joined.values()];
}
