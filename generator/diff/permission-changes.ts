/** What policies allow more or less than before. */
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { Json } from '../modules/contract.ts';
import type { PermissionChange } from './change-report.ts';

type IamChanges = TemplateDiff['iamChanges'];
type Statement = IamChanges['statements']['additions'][number];

/** Added and removed statements; two that differ only in actions or resources are one changed statement. */
export function permissionChanges({ statements, managedPolicies }: IamChanges): PermissionChange[] {
  const removed = [...statements.removals];
  const changes = statements.additions.map((statement) => {
    const index = removed.findIndex((old) => isSuccessor(statement, old));
    const [old] = index < 0 ? [] : removed.splice(index, 1);
    return old === undefined ? whole(statement, 'added') : changed(old, statement);
  });
  const attached = [
    ...managedPolicies.additions.map((policy) => attachment(policy, 'added')),
    ...managedPolicies.removals.map((policy) => attachment(policy, 'removed')),
  ];
  return [...changes, ...removed.map((statement) => whole(statement, 'removed')), ...attached];
}

/** Same in all but actions, or in all but resources. */
function isSuccessor(fresh: Statement, old: Statement): boolean {
  const same = (member: 'actions' | 'resources'): boolean => fresh[member].equal(old[member]);
  const kin =
    fresh.effect === old.effect &&
    fresh.principals.equal(old.principals) &&
    JSON.stringify(fresh.condition) === JSON.stringify(old.condition) &&
    fresh.actions.not === old.actions.not &&
    fresh.resources.not === old.resources.not;
  return kin && (same('actions') || same('resources'));
}

function whole(statement: Statement, change: 'added' | 'removed'): PermissionChange {
  // Allowing is widened by a new statement, denying by one that goes.
  const widens = (change === 'added') !== statement.isNegativeStatement;
  return { change, widens, ...texts(statement) };
}

function changed(old: Statement, fresh: Statement): PermissionChange {
  const differences = {
    addedActions: without(fresh.actions, old.actions),
    removedActions: without(old.actions, fresh.actions),
    addedResources: without(fresh.resources, old.resources),
    removedResources: without(old.resources, fresh.resources),
  };
  const kept = Object.fromEntries(Object.entries(differences).filter(([, list]) => list.length > 0));
  const came = differences.addedActions.length + differences.addedResources.length > 0;
  const went = differences.removedActions.length + differences.removedResources.length > 0;
  return { change: 'changed', widens: fresh.isNegativeStatement ? went : came, ...texts(fresh), ...kept };
}

function without(list: Statement['actions'], other: Statement['actions']): string[] {
  return list.values.filter((value) => !other.values.includes(value)).map(plain);
}

function texts(
  statement: Statement,
): Pick<PermissionChange, 'effect' | 'principals' | 'actions' | 'resources' | 'condition'> {
  const { effect, actions, resources, principals, condition } = statement;
  const not = (list: Statement['actions']): string[] =>
    list.values.map((value) => `${list.not ? 'not ' : ''}${plain(value)}`);
  return {
    effect,
    principals: not(principals).join(', '),
    actions: not(actions),
    resources: not(resources),
    ...(condition === undefined ? {} : { condition: condition as Json }),
  };
}

function attachment(
  { identityArn, managedPolicyArn }: { identityArn: string; managedPolicyArn: string },
  change: 'added' | 'removed',
): PermissionChange {
  const resources = [plain(managedPolicyArn)];
  return {
    change,
    widens: change === 'added',
    effect: 'Managed policy',
    principals: plain(identityArn),
    actions: [],
    resources,
  };
}

/** References come as JSON: `{"Fn::Sub":"arn:…"}` reads better as its text. */
function plain(value: string): string {
  return value
    .replace(/^\{"(?:Ref|Fn::Sub)":"([^"]*)"\}$/, '$1')
    .replace(/^\{"Fn::GetAtt":\["([^"]*)","([^"]*)"\]\}$/, '$1.$2');
}
