/**
 * The function `revocations`: from the table to the edge. Called with records of the table's stream, on schedule, and by
 * CloudFormation when the store or the rule group is new.
 */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { WAFV2Client } from '@aws-sdk/client-wafv2';
import { keyValueStore } from '../aws/key-value-store.ts';
import { once } from '../aws/once.ts';
import { plainError } from '../aws/plain-error.ts';
import { quarantine } from '../aws/quarantine.ts';
import { revocationTable } from '../aws/revocation-table.ts';
import { ruleGroup } from '../aws/rule-group.ts';
import { keyValueStoreClient, queueClient, tableClient, wafClient } from './clients.ts';
import { answerCustomResource, type CustomResourceEvent, isCustomResourceEvent, type Send } from './custom-resource.ts';
import { type RevocationsEnvironment, revocationsEnvironment } from './environment.ts';
import { type Counts, follow, reconcile, type StreamRecord, sweep, type Worker } from './revocation-work.ts';

const logger = once(() => new Logger());
const metrics = once(() => new Metrics());

export type RevocationsEvent = { Records: StreamRecord[] } | { task: 'sweep' | 'reconcile' };

const workerOfEnvironment = once((): Worker => {
  const clients = { store: keyValueStoreClient(), tables: tableClient(), queues: queueClient(), waf: wafClient() };
  return workerOf(revocationsEnvironment(), clients);
});

interface Clients {
  store: CloudFrontKeyValueStoreClient;
  tables: DynamoDBClient;
  queues: SQSClient;
  waf: WAFV2Client;
}

/** Everything the worker works on, where the environment says that it is. */
export function workerOf(
  { keyValueStoreArn, tableName, quarantineUrl, ruleGroup: group }: RevocationsEnvironment,
  { store, tables, queues, waf }: Clients,
): Worker {
  const table = revocationTable(tables, tableName);
  const now = (): number => Math.floor(Date.now() / 1000);
  return {
    store: { store: keyValueStore(store, keyValueStoreArn), table, now, known: {} },
    ...(group === undefined ? {} : { rules: { group: ruleGroup(waf, group), table, now, known: {} } }),
    quarantine: quarantine(queues, quarantineUrl),
    failed: logFailure,
  };
}

/** Handles all kinds of events. Throws what AWS answered; the caller then tries again, and nothing is half done. */
export function revocations(event: RevocationsEvent | CustomResourceEvent): Promise<Counts | undefined> {
  return handleRevocations(event, workerOfEnvironment());
}

export async function handleRevocations(
  event: RevocationsEvent | CustomResourceEvent,
  worker: Worker,
  { send }: { send?: Send } = {},
): Promise<Counts | undefined> {
  if (!isCustomResourceEvent(event)) return watched(event, worker);
  const run = () => watched({ task: 'reconcile' }, worker);
  await answerCustomResource(event, {
    physicalId: 'edgepass-revocations',
    run,
    ...(send === undefined ? {} : { send }),
  });
  return undefined;
}

/** Does what an event asks for, and says how it went in log and metrics. */
async function watched(event: RevocationsEvent, worker: Worker): Promise<Counts> {
  const what = taskOf(event) ?? 'follow';
  try {
    const counts = await run(event, worker);
    measure(counts);
    logger().info('revocations', { what, ...counts });
    return counts;
  } catch (error) {
    throw logFailure(what, error);
  } finally {
    if (metrics().hasStoredMetrics()) metrics().publishStoredMetrics();
  }
}

function measure(counts: Counts): void {
  for (const [name, value] of Object.entries(counts))
    metrics().addMetric(name, name === 'StoreFill' ? MetricUnit.Percent : MetricUnit.Count, value);
}

/** Gives the error as it may be told. */
function logFailure(what: string, error: unknown): Error {
  const plain = plainError(error);
  logger().error('revocations failed', { what, error: { name: plain.name, message: plain.message } });
  return plain;
}

function run(event: RevocationsEvent, worker: Worker): Promise<Counts> {
  if ('Records' in event && Array.isArray(event.Records)) return follow(worker, event.Records);
  const task = taskOf(event);
  if (task === 'sweep') return sweep(worker, measure);
  if (task === 'reconcile') return reconcile(worker);
  throw new Error('the event is neither records of a stream nor a task');
}

/** Undefined for whatever else was sent as a task: it is in no log. */
function taskOf(event: RevocationsEvent): 'sweep' | 'reconcile' | undefined {
  const task = 'task' in event ? event.task : undefined;
  return task === 'sweep' || task === 'reconcile' ? task : undefined;
}
