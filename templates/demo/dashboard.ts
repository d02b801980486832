/** A small dashboard of its own. CloudWatch API Reference, "Dashboard Body Structure and Syntax" (a grid 24 wide). */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { alarmIds } from './alarms.ts';
import { METRICS, serviceOf } from './metrics.ts';

type Options = { [name: string]: Json };

/** Text for `Fn::Sub`; names in it are resources of the template. */
export function dashboard(environment: Environment): string {
  const own = (name: string, label: string): Json => [METRICS, name, 'service', serviceOf(environment), { label }];
  const lambda = (id: string, name: string, label: string, more: Options = {}): Json => [
    ...['AWS/Lambda', name, 'FunctionName', `\${${id}}`],
    { label, ...more },
  ];
  const viewers = (name: string, label: string): Json => [
    ...['AWS/CloudFront', name, 'DistributionId', '${Distribution}', 'Region', 'Global'],
    { label },
  ];
  const widgets: [string, Options][] = [
    ['alarm', { title: 'Alarms of the demo', alarms: alarmIds.map((id) => `\${${id}.Arn}`) }],
    [
      'metric',
      graph('Requests to the demo', [
        own('Answers', 'answered'),
        own('Refusals', 'refused'),
        own('WrongCodes', 'wrong codes'),
      ]),
    ],
    [
      'metric',
      graph('Functions of the demo', [
        lambda('PlayFunction', 'Errors', 'errors'),
        lambda('PlayFunction', 'Throttles', 'throttled'),
        lambda('PlayFunction', 'Duration', 'duration, ms', { stat: 'p95', yAxis: 'right' }),
      ]),
    ],
    [
      'metric',
      { ...graph('Website, errors in %', [viewers('4xxErrorRate', '4xx'), viewers('5xxErrorRate', '5xx')]), ...EDGE },
    ],
  ];
  const [width, height] = [6, 6];
  return JSON.stringify({
    widgets: widgets.map(([type, properties], index) => ({ type, x: index * width, y: 0, width, height, properties })),
  });
}

/** CloudFront has its metrics there, wherever the dashboard is. */
const EDGE = { region: 'us-east-1', stat: 'Average' };

function graph(title: string, metrics: Json[]): Options {
  return { title, view: 'timeSeries', period: 300, stat: 'Sum', region: '${AWS::Region}', metrics };
}
