/**
 * The dashboard of an environment. Widgets of what happens at the edge read metrics and logs of us-east-1, whatever Region the
 * dashboard is in. Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax" (a grid 24 wide).
 */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { homeAlarmIds } from './home-alarms.ts';
import { rotateEveryOf } from './key-settings.ts';
import { METRICS, serviceOf } from './metrics.ts';
import { resourceNames } from './names.ts';
import type { BaseSettings } from './settings.ts';

const EDGE = 'us-east-1';
const WIDTH = 24;
const HEIGHT = 6;

type Options = { [name: string]: Json };

interface Widget {
  type: 'metric' | 'log' | 'alarm' | 'text';
  properties: Options;
}

/** Text for `Fn::Sub`, with `${Distribution}` for the id of the distribution; other names are resources of the template. */
export function dashboard(settings: BaseSettings, environment: Environment): string {
  const rows = [
    [alarms(settings)],
    ofEdge(settings, environment),
    ofKeys(settings, environment),
    ofRevocations(environment),
    ofFunctions(environment),
  ];
  const widgets = rows.flatMap((row, index) =>
    row.map(({ type, properties }, place) => {
      const width = WIDTH / row.length;
      return { type, x: place * width, y: index * HEIGHT, width, height: HEIGHT, properties };
    }),
  );
  return JSON.stringify({ widgets });
}

function alarms(settings: BaseSettings): Widget {
  const arns = homeAlarmIds(settings).map((id) => `\${${id}.Arn}`);
  return { type: 'alarm', properties: { title: 'Alarms of keys and revocations', alarms: arns } };
}

function ofEdge(settings: BaseSettings, environment: Environment): Widget[] {
  const { validator, log } = resourceNames(environment, settings);
  const check = of('AWS/CloudFront', 'FunctionName', validator, 'Region', 'Global');
  const viewers = of('AWS/CloudFront', 'DistributionId', '${Distribution}', 'Region', 'Global');
  const average = { stat: 'Average', region: EDGE };
  return [
    verdicts(settings.edge.log, log),
    graph('Token checks', { stat: 'Sum', region: EDGE }, [
      check('FunctionInvocations', 'checked'),
      check('FunctionExecutionErrors', 'errors (503)'),
      check('FunctionValidationErrors', 'answers not accepted (502)'),
      check('FunctionThrottles', 'throttled (503)'),
    ]),
    graph('Compute utilisation of the token check, %', { ...average, ...line('may be throttled', 70) }, [
      check('FunctionComputeUtilization', 'of the time allowed'),
    ]),
    graph('Errors that viewers get, %', average, [viewers('4xxErrorRate', '4xx'), viewers('5xxErrorRate', '5xx')]),
  ];
}

/** Lines of the token check are JSON behind CloudFront's request id. */
function verdicts(logged: BaseSettings['edge']['log'], group: string): Widget {
  const title = logged === 'all' ? 'Verdicts by reason' : 'Refusals by reason';
  if (logged === 'none')
    return {
      type: 'text',
      properties: { markdown: `### ${title}\n\nNothing is logged: \`modules.base.edge.log\` is \`none\`.` },
    };
  const query = [
    `SOURCE '${group}'`,
    `parse @message '"reason":"*"' as reason`,
    'filter ispresent(reason)',
    'stats count(*) as requests by reason',
    'sort requests desc',
  ].join(' | ');
  return { type: 'log', properties: { title, region: EDGE, query, view: 'bar' } };
}

function ofKeys(settings: BaseSettings, environment: Environment): Widget[] {
  const own = of(METRICS, 'service', serviceOf(environment));
  const workflow = of('AWS/States', 'StateMachineArn', '${KeysMachine}');
  const maximum = { stat: 'Maximum' };
  return [
    graph('Age of the key that signs, s', { ...maximum, ...line('rotation due', rotateEveryOf(settings)) }, [
      own('SigningKeyAge', 'age'),
    ]),
    graph('Rotation, s', maximum, [own('RotationOverdue', 'overdue'), own('SigningEndsIn', 'issuers can sign for')]),
    graph('Keys', maximum, [
      own('LiveKeys', 'live'),
      own('SpareKeys', 'spare'),
      own('TooManyKeys', 'no room for the next'),
      own('RecordInvalid', 'record unusable'),
    ]),
    graph('Workflow of the keys', { stat: 'Sum' }, [
      own('KeysChecked', 'steps'),
      workflow('ExecutionsSucceeded', 'done'),
      workflow('ExecutionsFailed', 'failed'),
      workflow('ExecutionsTimedOut', 'timed out'),
    ]),
  ];
}

function ofRevocations(environment: Environment): Widget[] {
  const own = of(METRICS, 'service', serviceOf(environment));
  const maximum = { stat: 'Maximum' };
  return [
    graph('Revocations held', maximum, [
      own('RevocationsHeld', 'at the edge'),
      own('RuleGroupSessions', 'in AWS WAF'),
      own('RevocationsLeftOut', 'no room at the edge'),
      own('RuleGroupLeftOut', 'no room in AWS WAF'),
    ]),
    graph('Room for revocations that is taken, %', { ...maximum, ...line('alarm', 80) }, [own('StoreFill', 'taken')]),
    graph('Expired and taken away', { stat: 'Sum' }, [own('Swept', 'sessions')]),
    graph('Put aside', { stat: 'Sum' }, [
      own('Quarantined', 'not understood'),
      of('AWS/SQS', 'QueueName', '${DeadLetters.QueueName}')('ApproximateNumberOfMessagesVisible', 'in the queue', {
        stat: 'Maximum',
      }),
    ]),
  ];
}

function ofFunctions(environment: Environment): Widget[] {
  const own = of(METRICS, 'service', serviceOf(environment));
  const keys = of('AWS/Lambda', 'FunctionName', '${KeysFunction}');
  const worker = of('AWS/Lambda', 'FunctionName', '${RevocationsFunction}');
  return [
    graph('Lag of the worker, ms', { stat: 'Maximum' }, [worker('IteratorAge', 'age of the oldest record')]),
    graph('Errors of functions', { stat: 'Sum' }, [
      worker('Errors', 'revocations'),
      worker('Throttles', 'revocations throttled'),
      own('RulesFailed', 'rules of AWS WAF not written'),
      keys('Errors', 'keys'),
      keys('Throttles', 'keys throttled'),
    ]),
    graph('Duration, ms', { stat: 'Maximum' }, [worker('Duration', 'revocations'), keys('Duration', 'keys')]),
  ];
}

type Metric = (name: string, label: string, more?: Options) => Json;

/** Metrics of one namespace with the same dimensions, name and value in turn. */
function of(namespace: string, ...dimensions: string[]): Metric {
  return (name, label, more = {}) => [namespace, name, ...dimensions, { label, ...more }];
}

function graph(title: string, options: Options, metrics: Json[]): Widget {
  const region = options.region ?? '${AWS::Region}';
  return {
    type: 'metric',
    properties: { title, view: 'timeSeries', period: 300, yAxis: { left: { min: 0 } }, ...options, region, metrics },
  };
}

/** A horizontal line. */
function line(label: string, value: number): Options {
  return { annotations: { horizontal: [{ label, value }] } };
}
