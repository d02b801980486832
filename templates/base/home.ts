/** What the template of the stack `home` sees: functions, workflow, schedules. */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { dashboard } from './dashboard.ts';
import { KEYS, REVOCATIONS } from './functions.ts';
import { homeAlarms } from './home-alarms.ts';
import { longestLifetime, propagationOf, rotateEveryOf } from './key-settings.ts';
import { keysMachine } from './keys-machine.ts';
import { METRICS, serviceOf } from './metrics.ts';
import type { BaseSettings } from './settings.ts';

export function homeView(settings: BaseSettings, environment: Environment): Record<string, Json> {
  return {
    audience: `${environment.project}/${environment.name}`,
    functions: { keys: KEYS, revocations: REVOCATIONS },
    // Variables of functions are texts.
    keys: {
      longestLifetime: String(longestLifetime(environment)),
      rotateEvery: String(rotateEveryOf(settings)),
      propagation: String(propagationOf(settings)),
    },
    metrics: { namespace: METRICS, service: serviceOf(environment) },
    trust: { lambda: trust('lambda'), states: ours('states'), scheduler: ours('scheduler') },
    keysMachine: keysMachine({ keysFunction: { 'Fn::GetAtt': ['KeysFunction', 'Arn'] } }),
    schedules: SCHEDULES,
    homeAlarms: homeAlarms(settings, environment),
    dashboard: dashboard(settings, environment),
  };
}

const REVOCATIONS_ARN: Json = { 'Fn::GetAtt': ['RevocationsFunction', 'Arn'] };

const SCHEDULES: Json[] = [
  {
    id: 'RotationSchedule',
    description: 'Rotates the keys when it is time, and removes retired ones',
    expression: 'rate(1 hour)',
    target: { Ref: 'KeysMachine' },
    input: JSON.stringify({ command: 'run' }),
  },
  {
    id: 'SweepSchedule',
    description: 'Takes away revocations that have expired',
    expression: 'rate(5 minutes)',
    target: REVOCATIONS_ARN,
    input: JSON.stringify({ task: 'sweep' }),
  },
  {
    id: 'ReconcileSchedule',
    description: 'Makes the edge what the revocation table says, from whatever it is',
    expression: 'rate(6 hours)',
    target: REVOCATIONS_ARN,
    input: JSON.stringify({ task: 'reconcile' }),
  },
];

/** Trust policy of a role that a service takes on. */
function trust(service: string, condition?: Json): Json {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

/** Only in the name of this account: what the guides of both services recommend against a confused deputy. */
function ours(service: string): Json {
  return trust(service, { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
}
