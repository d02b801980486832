/** Alarms on the functions of the demo. They go to the topic of the environment. */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { METRICS, serviceOf } from './metrics.ts';

interface Watch {
  id: string;
  description: string;
  metric: string;
  /** Logical id of a function; without it the metric is our own. */
  of?: string;
  threshold: number;
}

const WATCHES: readonly Watch[] = [
  {
    id: 'Failures',
    description: 'The function of the demo cannot do what it is asked to. See its log.',
    metric: 'Failures',
    threshold: 0,
  },
  {
    id: 'PlayErrors',
    description: 'The function of the demo fails. See its log.',
    metric: 'Errors',
    of: 'PlayFunction',
    threshold: 0,
  },
  {
    id: 'PlayThrottles',
    description: 'The function of the demo is called more often than the account allows.',
    metric: 'Throttles',
    of: 'PlayFunction',
    threshold: 0,
  },
  {
    id: 'PublishErrors',
    description: 'The website of the demo could not be published. See the log of the function.',
    metric: 'Errors',
    of: 'PublishFunction',
    threshold: 0,
  },
  {
    id: 'WrongCodes',
    description: 'Somebody guesses access codes of the demo. Make a new one, or switch the module off.',
    metric: 'WrongCodes',
    threshold: 50,
  },
];

export function alarms(environment: Environment): Json[] {
  const { project, name } = environment;
  return WATCHES.map(({ id, description, metric, of, threshold }) => ({
    ...{ id: `${id}Alarm`, description, metric, threshold },
    name: `${project}-${name}-demo-${id.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`,
    namespace: of === undefined ? METRICS : 'AWS/Lambda',
    dimensions: [
      of === undefined
        ? { Name: 'service', Value: serviceOf(environment) }
        : { Name: 'FunctionName', Value: { Ref: of } },
    ],
  }));
}

export const alarmIds = WATCHES.map(({ id }) => `${id}Alarm`);
