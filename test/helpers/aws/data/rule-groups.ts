/**
 * Rule groups of AWS WAF: lock tokens, and the capacity units that rules cost. Sources: AWS WAF API reference; Developer Guide,
 * "Regex match rule statement" and "String match rule statement".
 */
import { AwsError } from '../errors.ts';

interface Statement {
  RegexMatchStatement?: { RegexString: string };
  ByteMatchStatement?: { PositionalConstraint: string; SearchString: string };
}

interface Rule {
  Name: string;
  Priority: number;
  Statement: Statement;
}

interface Input {
  Name: string;
  Rules?: Rule[];
  LockToken?: string;
}

export class RuleGroups {
  readonly #groups = new Map<string, { rules: Rule[]; version: number; capacity: number }>();

  create(name: string, capacity: number): void {
    this.#groups.set(name, { rules: [], version: 1, capacity });
  }

  /** The rules as they are now. */
  rules(name: string): readonly Rule[] {
    return this.#group(name).rules;
  }

  /** What CloudFormation does when it updates the group, whose template has no rules; or somebody who edits it. */
  wipe(name: string, rules: Rule[] = []): void {
    const group = this.#group(name);
    group.rules = rules;
    group.version += 1;
  }

  call(operation: string, { Name, Rules = [], LockToken }: Input): object {
    const group = this.#group(Name);
    const token = (): string => `token-${group.version}`;
    if (operation === 'GetRuleGroup') return { RuleGroup: { Name, Rules: group.rules }, LockToken: token() };
    if (operation !== 'UpdateRuleGroup') throw new AwsError('UnknownOperationException', operation);
    if (LockToken !== token()) throw new AwsError('WAFOptimisticLockException', 'The lock token is not the last one');
    if (new Set(Rules.map(({ Priority }) => Priority)).size !== Rules.length)
      throw new AwsError('WAFInvalidParameterException', 'Two rules have one priority');
    if (Rules.reduce((sum, { Statement }) => sum + wcuOf(Statement), 0) > group.capacity)
      throw new AwsError('WAFLimitsExceededException', 'The rules exceed the capacity');
    group.rules = Rules;
    group.version += 1;
    return { NextLockToken: token() };
  }

  #group(name: string): { rules: Rule[]; version: number; capacity: number } {
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError('WAFNonexistentItemException', 'No such rule group');
    return group;
  }
}

function wcuOf({ RegexMatchStatement, ByteMatchStatement }: Statement): number {
  if (RegexMatchStatement !== undefined) {
    if (RegexMatchStatement.RegexString.length > 200)
      throw new AwsError('WAFInvalidParameterException', 'A pattern has more than 200 characters');
    return 3;
  }
  if (ByteMatchStatement?.PositionalConstraint === 'STARTS_WITH') return 2;
  throw new AwsError('WAFInvalidParameterException', 'A statement this stand-in does not know');
}
