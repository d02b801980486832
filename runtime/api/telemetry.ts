/** What operators learn of requests: one line and some counts each. Nothing of a token, a viewer or an address is in them. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { once } from '../aws/once.ts';
import type { Told } from './api.ts';
import type { Seeded } from './seed.ts';

const logger = once(() => new Logger());
const metrics = once(() => new Metrics());

/** Counts of what was done, by operation. */
const DONE: Partial<Record<Told['operation'], string>> = {
  createPlayback: 'PlaybackIssued',
  refreshSession: 'SessionsRefreshed',
  revokeSession: 'SessionsRevoked',
};

export function tellAnswer(door: 'services' | 'viewers'): (told: Told) => void {
  return ({ operation, status, problem, cause }) => {
    const line = { door, operation, status, ...(problem === undefined ? {} : { problem }) };
    if (status >= 500) logger().error('request', { ...line, ...(cause === undefined ? {} : { error: nameOf(cause) }) });
    else logger().info('request', line);
    const count = (name: string): unknown => metrics().addMetric(name, MetricUnit.Count, 1);
    count('ApiRequests');
    const done = DONE[operation];
    if (status >= 500) count('ApiServerErrors');
    else if (status >= 400) count('ApiRefusals');
    else if (done !== undefined) count(done);
    metrics().publishStoredMetrics();
  };
}

export function tellSeeded(seeded: Seeded): void {
  logger().info('seeded', { ...seeded });
}

/** Name and code only: a message may quote what it was about. */
function nameOf(error: unknown): { name: string; code: string } {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return { name: String(name), code: String(code ?? '') };
}
