/**
 * The function `revocations`: from the table to the edge. Called with records of the table's stream, on schedule, and by
 * CloudFormation when the store or the rule group is new.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { keyValueStore } from '../aws/key-value-store.ts';
import { once } from '../aws/once.ts';
import { quarantine } from '../aws/quarantine.ts';
import { revocationTable } from '../aws/revocation-table.ts';
import { ruleGroup } from '../aws/rule-group.ts';
import { keyValueStoreClient, queueClient, tableClient, wafClient } from './clients.ts';
import { answerCustomResource, type CustomResourceEvent, isCustomResourceEvent, type Send } from './custom-resource.ts';
import { revocationsEnvironment } from './environment.ts';
import { type Counts, follow, reconcile, type StreamRecord, sweep, type Worker } from './revocation-work.ts';

const logger = once(() => new Logger());
const metrics = once(() => new Metrics());

export type RevocationsEvent = { Records: StreamRecord[] } | { task: 'sweep' | 'reconcile' };

const workerOfEnvironment = once((): Worker => {
  const { keyValueStoreArn, tableName, quarantineUrl, ruleGroup: group } = revocationsEnvironment();
  const table = revocationTable(tableClient(), tableName);
  const now = (): number => Math.floor(Date.now() / 1000);
  return {
    store: { store: keyValueStore(keyValueStoreClient(), keyValueStoreArn), table, now, known: {} },
    ...(group === undefined ? {} : { rules: { group: ruleGroup(wafClient(), group), table, now, known: {} } }),
    quarantine: quarantine(queueClient(), quarantineUrl),
  };
});

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
  const what = 'task' in event ? event.task : 'follow';
  try {
    const counts = await run(event, worker);
    for (const [name, value] of Object.entries(counts))
      metrics().addMetric(name, name === 'StoreFill' ? MetricUnit.Percent : MetricUnit.Count, value);
    logger().info('revocations', { what, ...counts });
    return counts;
  } catch (error) {
    const { name, code } = error as { name?: unknown; code?: unknown };
    logger().error('revocations failed', { what, error: { name: String(name), code: String(code ?? '') } });
    throw error;
  } finally {
    if (metrics().hasStoredMetrics()) metrics().publishStoredMetrics();
  }
}

function run(event: RevocationsEvent, worker: Worker): Promise<Counts> {
  if ('Records' in event && Array.isArray(event.Records)) return follow(worker, event.Records);
  const task = 'task' in event ? event.task : undefined;
  if (task === 'sweep') return sweep(worker);
  if (task === 'reconcile') return reconcile(worker);
  throw new Error('the event is neither records of a stream nor a task');
}
