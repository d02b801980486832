/** The dashboard of the API. Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax" (a grid 24 wide). */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { alarmIds } from './alarms.ts';
import { METRICS, serviceOf } from './names.ts';

const WIDTH = 24;
const HEIGHT = 6;

type Widget = { type: 'metric' | 'alarm'; properties: { [name: string]: Json } };

/** Text for `Fn::Sub`; names are resources of the template. */
export function dashboard(environment: Environment, withViewers: boolean): string {
  const arns = alarmIds(environment, withViewers).map((id) => `\${${id}.Arn}`);
  const own = of(METRICS, 'service', serviceOf(environment));
  const http = of('AWS/ApiGateway', 'ApiId', '${HttpApi}');
  const doors = (withViewers ? ['Services', 'Viewers'] : ['Services']).map((door) => ({
    name: door.toLowerCase(),
    metric: of('AWS/Lambda', 'FunctionName', `\${${door}Function}`),
  }));
  const rows: Widget[][] = [
    [{ type: 'alarm', properties: { title: 'Alarms', alarms: arns } }],
    [
      graph('Done', 'Sum', [
        own('PlaybackIssued', 'playback URLs issued'),
        own('SessionsRefreshed', 'sessions refreshed'),
        own('SessionsRevoked', 'sessions revoked'),
      ]),
      graph('Not done', 'Sum', [own('ApiRefusals', 'refused'), own('ApiServerErrors', 'failed here')]),
      graph('HTTP API', 'Sum', [http('Count', 'requests'), http('4xx', '4xx'), http('5xx', '5xx')]),
    ],
    [
      graph(
        'Time to answer, ms (p95)',
        'p95',
        doors.map(({ name, metric }) => metric('Duration', name)),
      ),
      graph(
        'Functions',
        'Sum',
        doors.flatMap(({ name, metric }) => [
          metric('Errors', `${name}: errors`),
          metric('Throttles', `${name}: throttled`),
        ]),
      ),
    ],
  ];
  const widgets = rows.flatMap((row, index) =>
    row.map(({ type, properties }, place) => {
      const width = WIDTH / row.length;
      return { type, x: place * width, y: index * HEIGHT, width, height: HEIGHT, properties };
    }),
  );
  return JSON.stringify({ widgets });
}

function of(namespace: string, dimension: string, value: string): (name: string, label: string) => Json {
  return (name, label) => [namespace, name, dimension, value, { label }];
}

function graph(title: string, stat: string, metrics: Json[]): Widget {
  const properties = {
    title,
    view: 'timeSeries',
    stat,
    period: 300,
    region: '${AWS::Region}',
    yAxis: { left: { min: 0 } },
    metrics,
  };
  return { type: 'metric', properties };
}
