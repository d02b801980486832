/**
 * Policies held against what is asked of AWS, both ways: everything that is asked for is allowed, and everything that is allowed
 * is asked for.
 */
import { CONDITION_KEYS } from './requests.ts';
import { decide, type IamRequest, type Policy, type PolicyStatement, type Rights } from './simulate.ts';

/** A request, by whom it is made, and when, in words. */
export interface Use extends IamRequest {
  principal: string;
  by: string;
}

/** One action of a statement on one of its resources. */
export interface Allowed {
  action: string;
  resource: string;
  condition: PolicyStatement['Condition'];
  /** `by` of the requests that it alone allows. */
  usedBy: string[];
}

export interface TwoWay {
  /** `<action> on <resource>: <by>` of what is asked for and not allowed. */
  refused: string[];
  allowed: Allowed[];
}

export interface Sides {
  policies: readonly Policy[];
  /** Whether they are policies of those who ask, or of what is asked for. */
  of: 'principal' | 'resource';
  uses: readonly Use[];
  /** Policy of what is asked for, where it has one and `policies` are those of who asks. */
  resourcePolicy?(resource: string): Policy | undefined;
}

export async function twoWay({ policies, of, uses, resourcePolicy }: Sides): Promise<TwoWay> {
  const isAllowed = async (use: Merged, some: readonly Policy[], more: Partial<Rights> = {}): Promise<boolean> => {
    const rights = of === 'principal' ? { policies: some } : { policies: [], resourcePolicy: some[0] };
    return (await decide(use, { principal: use.principal, ...rights, ...more })) === 'Allowed';
  };
  const different = unlike(uses);
  const refused: string[] = [];
  for (const use of different) {
    const other = resourcePolicy?.(use.resource);
    if (!(await isAllowed(use, policies, other === undefined ? {} : { resourcePolicy: other })))
      refused.push(`${use.action} on ${use.resource}: ${use.by.join(', ')}`);
  }
  const allowed: Allowed[] = [];
  for (const { statement, action, resource } of policies.flatMap(partsOf)) {
    const part: Policy = { Version: '2012-10-17', Statement: [{ ...statement, Action: action, Resource: resource }] };
    const usedBy: string[] = [];
    for (const use of different) if (use.action === action && (await isAllowed(use, [part]))) usedBy.push(...use.by);
    allowed.push({ action, resource, condition: statement.Condition, usedBy: [...new Set(usedBy)] });
  }
  return { refused, allowed };
}

interface Part {
  statement: PolicyStatement;
  action: string;
  resource: string;
}

function partsOf({ Statement }: Policy): Part[] {
  return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => {
    knownKeys(statement);
    return [statement.Action]
      .flat()
      .flatMap((action) => [statement.Resource ?? []].flat().map((resource) => ({ statement, action, resource })));
  });
}

/** A condition on something that is not known of requests would look as if it were never, or always, met. */
function knownKeys({ Condition = {} }: PolicyStatement): void {
  const unknown = Object.values(Condition)
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => !CONDITION_KEYS.includes(key));
  if (unknown.length > 0) throw new Error(`say in requests.ts what a request has of ${unknown.join(', ')}`);
}

type Merged = Omit<Use, 'by'> & { by: string[] };

/** Requests that say the same are one, made by all who make it. */
function unlike(uses: readonly Use[]): Merged[] {
  const seen = new Map<string, Merged>();
  for (const { by, ...request } of uses) {
    const key = JSON.stringify(request);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { ...request, by: [by] });
    else known.by.push(by);
  }
  return [...seen.values()];
}
