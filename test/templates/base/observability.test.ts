/** What the functions measure is what alarms and dashboard look at: nothing is watched that nobody says, or said and never seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { begin } from '../../../runtime/base/key-steps.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { dashboard } from '../../../templates/base/dashboard.ts';
import { homeAlarms } from '../../../templates/base/home-alarms.ts';
import { METRICS, serviceOf } from '../../../templates/base/metrics.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { listen } from '../../helpers/secrets/log-watch.ts';
import { DAY, KEY_RECORD, keysWorld } from '../../runtime/base/keys-world.ts';
import { revocationsWorld } from '../../runtime/base/revocations-world.ts';
import { renderConfig } from '../rendering.ts';
import { environmentWith, settingsWith } from './fixture.ts';

/** Metrics of AWS that may be looked at, by namespace. Sources: see `home-alarms.ts`, and CloudFront Developer Guide, "Types of metrics". */
const OF_AWS: Readonly<Record<string, readonly string[]>> = {
  'AWS/CloudFront': [
    'FunctionInvocations',
    'FunctionValidationErrors',
    'FunctionExecutionErrors',
    'FunctionComputeUtilization',
    'FunctionThrottles',
    '4xxErrorRate',
    '5xxErrorRate',
  ],
  'AWS/Lambda': ['Errors', 'Throttles', 'Duration', 'IteratorAge'],
  'AWS/States': ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible'],
};

const environment = environmentWith();
const settings = settingsWith({ revocation: { waf: true } });
let lines: string[] = [];

interface Emitted {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  service: string;
}

/** Embedded metric format: CloudWatch User Guide, "Specification: Embedded metric format". */
const emitted = (): Emitted[] =>
  lines.flatMap((line) => (line.includes('"_aws"') ? [JSON.parse(line) as Emitted] : []));

beforeAll(async () => {
  process.env.POWERTOOLS_METRICS_NAMESPACE = METRICS;
  process.env.POWERTOOLS_SERVICE_NAME = serviceOf(environment);
  lines = listen();
  await allThatHappens();
});
afterAll(() => {
  delete process.env.POWERTOOLS_METRICS_NAMESPACE;
  delete process.env.POWERTOOLS_SERVICE_NAME;
});

/** Everything that is measured, once at least. */
async function allThatHappens(): Promise<void> {
  const keys = keysWorld();
  await begin(keys.keeper());
  await handleKeys({ step: 'prepare' }, keys.keeper());
  keys.now += 31 * DAY;
  await handleKeys({ step: 'prepare' }, keys.keeper());
  keys.secrets.edit(KEY_RECORD, 'nonsense');
  await handleKeys({ step: 'prepare' }, keys.keeper()).catch(() => {});
  const revocations = revocationsWorld({ capacity: 2 });
  const worker = revocations.worker({ waf: true });
  for (const n of [1, 2, 3, 4]) revocations.put({ session: `session-of-number-${n}` });
  await handleRevocations({ Records: revocations.stream() }, worker);
  await handleRevocations({ task: 'reconcile' }, worker);
  await handleRevocations({ task: 'sweep' }, worker);
  revocations.put({ session: 'session-of-number-5' });
  const after = (): void => {
    throw new AwsError('WAFInternalErrorException', 'not now', { status: 500 });
  };
  const weather: Weather = { after: ({ service }) => (service === 'wafv2' ? after() : undefined) };
  await handleRevocations({ Records: revocations.stream() }, revocations.worker({ waf: true, weather }));
}

const ours = (): string[] =>
  [...new Set(emitted().flatMap(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)))]
    .map(({ Name }) => Name)
    .filter((name, at, all) => all.indexOf(name) === at)
    .sort();

const valuesOf = (metric: string): unknown[] =>
  emitted().flatMap((line) => (metric in line ? [(line as unknown as Record<string, unknown>)[metric]].flat() : []));

type Widget = { type: string; x: number; y: number; width: number; height: number; properties: Record<string, Json> };
const widgets = (): Widget[] => (JSON.parse(dashboard(settings, environment)) as { widgets: Widget[] }).widgets;
const graphs = () => widgets().flatMap(({ properties }) => (properties.metrics ?? []) as [string, string, ...Json[]][]);
const alarms = () => homeAlarms(settings, environment) as { id: string; namespace: string; metric: string }[];
const ownNames = (all: { namespace: string; metric: string }[]): string[] =>
  [...new Set(all.filter(({ namespace }) => namespace === METRICS).map(({ metric }) => metric))].sort();

describe('metrics of the functions', () => {
  it('are written with the one dimension that alarms and dashboard ask for', () => {
    expect(emitted().length).toBeGreaterThan(5);
    for (const { _aws, service } of emitted()) {
      expect(service).toBe('acme-video-dev');
      for (const { Namespace, Dimensions } of _aws.CloudWatchMetrics)
        expect([Namespace, Dimensions]).toEqual([METRICS, [['service']]]);
    }
  });

  it('are on the dashboard, all of them and no others', () => {
    expect(ownNames(graphs().map(([namespace, metric]) => ({ namespace, metric })))).toEqual(ours());
  });

  it('are what alarms look at', () => {
    const watched = ownNames(alarms());
    expect(watched.length).toBeGreaterThan(8);
    expect(watched.filter((name) => !ours().includes(name))).toEqual([]);
  });

  it.each(Object.keys(OF_AWS))('of %s are some that there are', (namespace) => {
    const looked = [
      ...graphs().map(([of, metric]) => ({ namespace: of, metric })),
      ...alarms().map(({ namespace: of, metric }) => ({ namespace: of, metric })),
    ].filter((one) => one.namespace === namespace);
    expect(looked.length).toBeGreaterThan(0);
    for (const { metric } of looked) expect(OF_AWS[namespace]).toContain(metric);
  });
});

describe('alarms', () => {
  it('add up what happens, and never what is: that is said with every look', () => {
    const states = /Overdue|EndsIn|Invalid|TooMany|Fill|LeftOut|Age|Visible/;
    for (const { metric, statistic } of homeAlarms(settings, environment) as { metric: string; statistic: string }[])
      expect([metric, statistic === 'Sum' && states.test(metric)]).toEqual([metric, false]);
  });

  it('of the keys stay as they are between two looks, which are an hour apart', () => {
    const rest = homeAlarms(settings, environment) as { metric: string; period: number; missing: string }[];
    const hourly = ['RotationOverdue', 'SigningEndsIn', 'RecordInvalid', 'TooManyKeys'];
    const found = rest.filter(({ metric }) => hourly.includes(metric));
    expect(found.map(({ missing }) => missing)).toEqual(hourly.map(() => 'ignore'));
    // And all of it is said with each look, so that an alarm ends.
    for (const metric of hourly) expect(valuesOf(metric).length, metric).toBeGreaterThan(1);
    expect(valuesOf('RecordInvalid')).toContain(0);
  });
});

describe('the dashboard', () => {
  it('shows, from top to bottom', () => {
    expect(widgets().map(({ type, properties }) => `${type}: ${properties.title}`)).toEqual([
      'alarm: Alarms of keys and revocations',
      'log: Refusals by reason',
      'metric: Token checks',
      'metric: Compute utilisation of the token check, %',
      'metric: Errors that viewers get, %',
      'metric: Age of the key that signs, s',
      'metric: Rotation, s',
      'metric: Keys',
      'metric: Workflow of the keys',
      'metric: Revocations held',
      'metric: Room for revocations that is taken, %',
      'metric: Expired and taken away',
      'metric: Put aside',
      'metric: Lag of the worker, ms',
      'metric: Errors of functions',
      'metric: Duration, ms',
    ]);
  });

  it('shows every alarm of the Region', () => {
    const [first] = widgets();
    expect(first?.properties.alarms).toEqual(alarms().map(({ id }) => `\${${id}.Arn}`));
  });

  it('has no widget on or beside another one', () => {
    const places = widgets();
    for (const [at, one] of places.entries()) {
      expect(one.x + one.width).toBeLessThanOrEqual(24);
      for (const other of places.slice(at + 1))
        expect(
          one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y,
        ).toBe(true);
    }
  });

  it('names only resources of its template', async () => {
    const { stacks } = await renderConfig('config.yaml');
    for (const [name, all] of Object.entries(stacks)) {
      const home = all.find(({ id }) => id === 'base.home') as (typeof all)[number];
      const { Resources } = home.template as unknown as { Resources: Record<string, { Properties: Json }> };
      const body = JSON.stringify(Resources.Dashboard?.Properties);
      const named = [...body.matchAll(/\$\{(\w+)(?:\.\w+)?\}/g)].map(([, id = '']) => id);
      expect(named.length, name).toBeGreaterThan(10);
      for (const id of named) expect([...Object.keys(Resources), 'Distribution'], name).toContain(id);
    }
  });
});
