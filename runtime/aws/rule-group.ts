/** The rule group of AWS WAF whose rules this product writes. Every write names the lock token it builds on. */
import { GetRuleGroupCommand, type Rule, UpdateRuleGroupCommand, type WAFV2Client } from '@aws-sdk/client-wafv2';
import { errorName } from './error-name.ts';

export interface RuleGroupContent {
  rules: Rule[];
  lockToken: string;
}

export interface RuleGroup {
  capacity: number;
  read(): Promise<RuleGroupContent>;
  /** Writes all rules anew; the next lock token, or `'conflict'`. */
  write(lockToken: string, rules: Rule[]): Promise<string | 'conflict'>;
}

export function ruleGroup(client: WAFV2Client, { arn, capacity }: { arn: string; capacity: number }): RuleGroup {
  // arn:…:global/rulegroup/<name>/<id>
  const [name = '', id = ''] = arn.split('/').slice(-2);
  const at = { Name: name, Id: id, Scope: 'CLOUDFRONT' as const };
  return {
    capacity,
    async read() {
      const { RuleGroup: group, LockToken = '' } = await client.send(new GetRuleGroupCommand(at));
      return { rules: group?.Rules ?? [], lockToken: LockToken };
    },
    async write(lockToken, rules) {
      try {
        const { NextLockToken = '' } = await client.send(
          new UpdateRuleGroupCommand({
            ...at,
            Description: 'Revoked sessions, written by edgepass',
            Rules: rules,
            LockToken: lockToken,
            VisibilityConfig: { MetricName: name, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: false },
          }),
        );
        return NextLockToken;
      } catch (error) {
        if (errorName(error) === 'WAFOptimisticLockException') return 'conflict';
        throw error;
      }
    },
  };
}
