/**
 * Alarms on the token check and on what viewers get. Metrics: CloudFront Developer Guide, "Getting metrics using the
 * API" (namespace AWS/CloudFront, us-east-1; dimensions FunctionName or DistributionId, and Region=Global).
 */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { distributionsOf } from './distributions.ts';
import { alarmName, resourceNames } from './names.ts';
import type { BaseSettings } from './settings.ts';

interface Watch {
  /** Begin of the logical id, and with dashes the end of the alarm's name. */
  id: string;
  metric: string;
  statistic: 'Sum' | 'Average';
  threshold: number;
  /** Five-minute periods in a row that must be over the threshold. */
  periods: number;
  description: string;
}

const ON_FUNCTION: readonly Watch[] = [
  {
    id: 'ExecutionErrors',
    metric: 'FunctionExecutionErrors',
    statistic: 'Sum',
    threshold: 0,
    periods: 1,
    description: 'The token check threw an error and viewers got 503. Look at the log of the function.',
  },
  {
    id: 'ValidationErrors',
    metric: 'FunctionValidationErrors',
    statistic: 'Sum',
    threshold: 0,
    periods: 1,
    description: 'The token check returned what CloudFront does not accept, and viewers got 502.',
  },
  {
    id: 'Throttles',
    metric: 'FunctionThrottles',
    statistic: 'Sum',
    threshold: 0,
    periods: 1,
    description: 'CloudFront stopped the token check because it took too long, and viewers got 503.',
  },
  {
    id: 'ComputeUtilization',
    metric: 'FunctionComputeUtilization',
    statistic: 'Average',
    threshold: 70,
    periods: 3,
    description: 'The token check takes over 70 % of its time; from there on CloudFront may throttle it.',
  },
];

/** The check answers 503 when it cannot read the store; that is no error of the function, so only this one sees it. */
const ON_DISTRIBUTION: Watch = {
  id: 'ServerErrors',
  metric: '5xxErrorRate',
  statistic: 'Average',
  threshold: 5,
  periods: 2,
  description: 'Over 5 % of the answers are errors of the origin, or of the token check when it cannot read its store.',
};

/** The alarms as the template loops over them. */
export function alarms(environment: Environment, settings: BaseSettings): Json[] {
  const { validator } = resourceNames(environment, settings);
  const alarm = ({ id, ...watch }: Watch, on: { suffix: string; name: string; value: Json }): Json => ({
    ...watch,
    id: `${id}Alarm${on.suffix}`,
    name: alarmName(environment, { where: 'edge', id: id + on.suffix }),
    dimensions: [
      { Name: on.name, Value: on.value },
      { Name: 'Region', Value: 'Global' },
    ],
  });
  const { attach } = settings.distribution;
  const distributions: { suffix: string; value: Json }[] =
    attach === undefined
      ? distributionsOf(environment, settings).map(({ id }) => {
          return { suffix: id.slice('Distribution'.length), value: { Ref: id } };
        })
      : [{ suffix: '', value: attach }];
  return [
    ...ON_FUNCTION.map((watch) => alarm(watch, { suffix: '', name: 'FunctionName', value: validator })),
    ...distributions.map((on) => alarm(ON_DISTRIBUTION, { ...on, name: 'DistributionId' })),
  ];
}
