/**
 * Writes rows of the revocation table, many at once. What was not written is always known: a batch that fails stops the work,
 * and running it again writes the rest.
 */
import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { itemOf, liftRow, type RevocationRow, rowOf } from '../../runtime/sessions/revocation-row.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { DynamoDbApi } from './api/dynamodb.ts';
import type { Aws } from './context.ts';
import { faultOf } from './faults.ts';
import { readRow, type TablePlace } from './revocation-table.ts';

/** Rows that one BatchWriteItem takes. */
const BATCH = 25;
/** Batches under way at once: some thousand rows take seconds, and an on-demand table keeps up. */
const AT_ONCE = 4;
/** How often rows are sent again that a busy table has left unprocessed; together over half a minute. */
const TRIES = 10;
const LONGEST_WAIT = 5_000;

export interface Written<Result> {
  /** By session, in no order. */
  done: Map<string, Result>;
  /** Why not all of them are. */
  fault?: Diagnostic;
}

type Tell = (done: number) => void;

/** Puts the rows. Each wins over whatever row its session has: they are what a person says. */
export async function putRows(
  aws: Aws,
  { table, region }: TablePlace,
  { rows, tell = () => undefined }: { rows: readonly RevocationRow[]; tell?: Tell },
): Promise<Written<'revoked'>> {
  const api = await aws.clients.dynamoDb(region);
  const batches: RevocationRow[][] = [];
  for (let at = 0; at < rows.length; at += BATCH) batches.push(rows.slice(at, at + BATCH));
  return inOrder(aws, { parts: batches, tell }, async (batch, done) => {
    const left = await putBatch(aws, api, { table, batch });
    for (const { session } of batch) if (!left.has(session)) done.set(session, 'revoked');
    if (left.size > 0) throw new Busy();
  });
}

/** The table did not take all rows, however often they were sent. */
class Busy extends Error {}

const BUSY: Diagnostic = {
  code: 'EP7015',
  severity: 'error',
  message: 'The revocation table takes no more rows for the moment, also after several retries.',
  hint: 'Wait a minute and run the command again: it goes on where it was.',
};

/** Sessions that are left unprocessed. */
async function putBatch(
  aws: Aws,
  api: DynamoDbApi,
  { table, batch }: { table: string; batch: readonly RevocationRow[] },
): Promise<Set<string>> {
  let requests: WriteRequest[] = batch.map((row) => ({ PutRequest: { Item: itemOf(row) } }));
  for (let wait = 100, tries = 0; tries < TRIES; tries++, wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const { UnprocessedItems = {} } = await api.batchWriteItem({ RequestItems: { [table]: requests } });
    requests = Object.values(UnprocessedItems).flat();
    if (requests.length === 0 || aws.interrupted.aborted) break;
    await aws.sleep(wait);
  }
  return new Set(requests.map(({ PutRequest }) => PutRequest?.Item?.id?.S ?? ''));
}

export type Lifted = 'lifted' | 'lifted already' | 'not revoked' | 'malformed';

/** Lifts revocations; their rows stay, as a mark that automatic ones respect. */
export async function liftRows(
  aws: Aws,
  place: TablePlace,
  { sessions, tell = () => undefined }: { sessions: readonly string[]; tell?: Tell },
): Promise<Written<Lifted>> {
  const api = await aws.clients.dynamoDb(place.region);
  return inOrder<string, Lifted>(aws, { parts: sessions, tell, atOnce: 4 * AT_ONCE }, async (session, done) => {
    try {
      const { Attributes } = await api.updateItem({ ...liftRow(place.table, session), ReturnValues: 'ALL_NEW' });
      done.set(session, Attributes === undefined || rowOf(Attributes) !== undefined ? 'lifted' : 'malformed');
    } catch (error) {
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
      const row = await readRow(aws, place, session);
      done.set(session, row === 'malformed' ? row : row?.state === 'lifted' ? 'lifted already' : 'not revoked');
    }
  });
}

/** Works on some parts at once, and starts none any more after one has failed or the user has interrupted. */
async function inOrder<Part, Result>(
  { interrupted }: Aws,
  { parts, tell, atOnce = AT_ONCE }: { parts: readonly Part[]; tell: Tell; atOnce?: number },
  work: (part: Part, done: Map<string, Result>) => Promise<void>,
): Promise<Written<Result>> {
  const done = new Map<string, Result>();
  const queue = parts.values();
  let fault: Diagnostic | undefined;
  let bug: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const part of queue) {
      try {
        await work(part, done);
      } catch (error) {
        const said = error instanceof Busy ? BUSY : faultOf(error);
        if (said === undefined) bug ??= { error };
        fault ??= said;
      }
      tell(done.size);
      if (fault !== undefined || bug !== undefined || interrupted.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (bug !== undefined) throw bug.error;
  return { done, ...(fault === undefined ? {} : { fault }) };
}
