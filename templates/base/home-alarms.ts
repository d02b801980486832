/**
 * Alarms on what runs in the home Region: keys, revocations, and the functions and the workflow that keep them. Metrics of AWS:
 * Lambda Developer Guide, "Types of metrics for Lambda functions"; Step Functions Developer Guide, "Monitoring metrics
 * using CloudWatch"; SQS Developer Guide, "Available CloudWatch metrics".
 */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { METRICS, serviceDimension } from './metrics.ts';
import { alarmName } from './names.ts';
import type { BaseSettings } from './settings.ts';

const HOUR = 3_600;
const DAY = 86_400;

interface Watch {
  /** Logical id without `Alarm`, and with dashes the end of the alarm's name. */
  id: string;
  description: string;
  metric: string;
  /** Where it is not a metric of our own functions. */
  of?: { namespace: string; dimension: { Name: string; Value: Json } };
  statistic?: 'Sum' | 'Maximum' | 'Minimum' | 'SampleCount';
  threshold?: number;
  comparison?: 'GreaterThanThreshold' | 'LessThanThreshold';
  /** Seconds. */
  period?: number;
  periods?: number;
  missing?: 'notBreaching' | 'breaching' | 'ignore';
}

/** The keys are looked at once an hour; in between, an alarm of a state stays as it is. */
const ON_KEYS: readonly Watch[] = [
  {
    id: 'KeysUnattended',
    description: 'Nobody has looked after the keys for three hours. See the executions of the workflow of the keys.',
    metric: 'KeysChecked',
    statistic: 'SampleCount',
    threshold: 1,
    comparison: 'LessThanThreshold',
    period: HOUR,
    periods: 3,
    missing: 'breaching',
  },
  {
    id: 'RotationOverdue',
    description: 'A rotation has been due for six hours and did not take place.',
    metric: 'RotationOverdue',
    statistic: 'Maximum',
    threshold: 6 * HOUR,
    missing: 'ignore',
  },
  {
    id: 'SigningEnds',
    description: 'In less than three days issuers have no key to sign with. Run `edgepass keys rotate --now`.',
    metric: 'SigningEndsIn',
    statistic: 'Minimum',
    threshold: 3 * DAY,
    comparison: 'LessThanThreshold',
    missing: 'ignore',
  },
  {
    id: 'KeyRecordInvalid',
    description: 'The key record cannot be used: somebody has edited it. Nothing rotates; the edge keeps what it has.',
    metric: 'RecordInvalid',
    statistic: 'Maximum',
    missing: 'ignore',
  },
  {
    id: 'TooManyKeys',
    description: 'All five keys are live, so the next rotation cannot take place before one of them has expired.',
    metric: 'TooManyKeys',
    statistic: 'Maximum',
    missing: 'ignore',
  },
];

const ON_WORKFLOW: readonly Watch[] = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map((metric) => ({
  id: `Keys${metric}`,
  description:
    'The workflow of the keys did not come to its end. Its next run, within the hour, makes good what is left.',
  metric,
  of: { namespace: 'AWS/States', dimension: { Name: 'StateMachineArn', Value: { Ref: 'KeysMachine' } } },
}));

const WORKER = { namespace: 'AWS/Lambda', dimension: { Name: 'FunctionName', Value: { Ref: 'RevocationsFunction' } } };

const ON_REVOCATIONS: readonly Watch[] = [
  {
    id: 'RevocationsLate',
    description: 'Revocations reach the edge more than a minute after they were written.',
    metric: 'IteratorAge',
    of: WORKER,
    statistic: 'Maximum',
    // Milliseconds.
    threshold: 60_000,
  },
  {
    id: 'RevocationErrors',
    description: 'The worker of revocations fails again and again. See its log.',
    metric: 'Errors',
    of: WORKER,
    periods: 3,
  },
  {
    id: 'RevocationsUnswept',
    description: 'Nothing has looked for expired revocations for half an hour.',
    metric: 'Swept',
    statistic: 'SampleCount',
    threshold: 1,
    comparison: 'LessThanThreshold',
    period: 1_800,
    missing: 'breaching',
  },
  {
    id: 'StoreFills',
    description: 'The KeyValueStore has less than a fifth of its room for revocations left.',
    metric: 'StoreFill',
    statistic: 'Maximum',
    threshold: 80,
    // Said only with a write: every other question to the store is charged for.
    missing: 'ignore',
  },
  {
    id: 'RevocationsLeftOut',
    description:
      'The KeyValueStore is full. Not at the edge: automatic revocations first, then viewers’ own, the oldest first.',
    metric: 'RevocationsLeftOut',
    statistic: 'Maximum',
    // Said only when it is decided anew; until then it is as it was.
    missing: 'ignore',
  },
  {
    id: 'DeadLetters',
    description: 'Something could not be understood, or not be brought to the edge, and was put aside in the queue.',
    metric: 'ApproximateNumberOfMessagesVisible',
    of: {
      namespace: 'AWS/SQS',
      dimension: { Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeadLetters', 'QueueName'] } },
    },
    statistic: 'Maximum',
  },
];

const ON_RULES: readonly Watch[] = [
  {
    id: 'RuleGroupLeftOut',
    description: 'The rule group of AWS WAF is full; sessions that are not in it are refused by the edge check only.',
    metric: 'RuleGroupLeftOut',
    statistic: 'Maximum',
    missing: 'ignore',
  },
];

/** The alarms as the template loops over them. */
export function homeAlarms({ revocation }: BaseSettings, environment: Environment): Json[] {
  return watches(revocation).map(({ id, of, ...watch }) => ({
    id: `${id}Alarm`,
    name: alarmName(environment, { where: 'home', id }),
    namespace: of?.namespace ?? METRICS,
    dimensions: [of?.dimension ?? serviceDimension(environment)],
    statistic: 'Sum',
    threshold: 0,
    comparison: 'GreaterThanThreshold',
    period: 300,
    periods: 1,
    missing: 'notBreaching',
    ...watch,
  }));
}

/** Logical ids of the alarms. */
export function homeAlarmIds({ revocation }: BaseSettings): string[] {
  return watches(revocation).map(({ id }) => `${id}Alarm`);
}

function watches({ waf }: BaseSettings['revocation']): Watch[] {
  return [...ON_KEYS, ...ON_WORKFLOW, ...ON_REVOCATIONS, ...(waf ? ON_RULES : [])];
}
