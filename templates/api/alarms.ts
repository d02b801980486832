/**
 * Alarms on the API; they are sent to the topic of the home Region. Metrics of AWS: API Gateway Developer Guide, "Monitor WebSocket
 * and HTTP API metrics"; Lambda Developer Guide, "Types of metrics for Lambda functions".
 */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { METRICS, serviceOf } from './names.ts';

interface Watch {
  /** Logical id without `Alarm`, and with dashes the end of the alarm's name. */
  id: string;
  description: string;
  namespace: string;
  metric: string;
  dimension: { Name: string; Value: Json };
  statistic: string;
  threshold: number;
  periods: number;
}

function watches(environment: Environment, withViewers: boolean): Watch[] {
  const own = { namespace: METRICS, dimension: { Name: 'service', Value: serviceOf(environment) } };
  const doors = withViewers ? ['Services', 'Viewers'] : ['Services'];
  return [
    {
      id: 'ServerErrors',
      description: 'The API cannot do what it is asked for: see the log of its functions.',
      ...own,
      metric: 'ApiServerErrors',
      statistic: 'Sum',
      threshold: 5,
      periods: 2,
    },
    ...doors.flatMap((door): Watch[] => {
      const of = { namespace: 'AWS/Lambda', dimension: { Name: 'FunctionName', Value: { Ref: `${door}Function` } } };
      const description = `The function for ${door.toLowerCase()}`;
      return [
        {
          id: `${door}Errors`,
          description: `${description} ends without an answer.`,
          ...of,
          metric: 'Errors',
          statistic: 'Sum',
          threshold: 0,
          periods: 2,
        },
        {
          id: `${door}Throttles`,
          description: `${description} is called more often than the account allows.`,
          ...of,
          metric: 'Throttles',
          statistic: 'Sum',
          threshold: 0,
          periods: 2,
        },
      ];
    }),
    {
      id: 'HttpServerErrors',
      description: 'API Gateway answers services with 5xx.',
      namespace: 'AWS/ApiGateway',
      dimension: { Name: 'ApiId', Value: { Ref: 'HttpApi' } },
      metric: '5xx',
      statistic: 'Sum',
      threshold: 5,
      periods: 2,
    },
  ];
}

/** The alarms as the template loops over them. */
export function alarms(environment: Environment, withViewers: boolean): Json[] {
  const { project, name } = environment;
  return watches(environment, withViewers).map(({ id, dimension, ...watch }) => ({
    id: `${id}Alarm`,
    name: `${project}-${name}-api-${id.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`,
    dimensions: [dimension],
    ...watch,
  }));
}

export function alarmIds(environment: Environment, withViewers: boolean): string[] {
  return watches(environment, withViewers).map(({ id }) => `${id}Alarm`);
}
