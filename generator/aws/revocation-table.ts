/** The revocation table as operators use it: where it is, one row, and rows newest first. */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type RevocationRow, rowOf } from '../../runtime/sessions/revocation-row.ts';
import type { Manifest } from '../output/manifest.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import type { Aws } from './context.ts';
import { stackOutputs } from './stack-outputs.ts';

export interface TablePlace {
  /** Name or ARN. */
  table: string;
  region: string;
  /** Longest lifetime of a token that the environment allows, seconds; absent when it does not say so. */
  longestLifetime?: number;
}

/** Faults: EP7013, EP7901. */
export async function tablePlace(aws: Pick<Aws, 'clients'>, manifest: Manifest): Promise<Outcome<TablePlace>> {
  const found = await stackOutputs(aws, manifest, { id: 'RevocationTable', what: 'revocation table' });
  if (!found.ok) return found;
  const { values, region } = found.value;
  const longest = Number(values.LongestLifetime);
  return outcome({
    table: values.RevocationTable ?? '',
    region,
    ...(Number.isInteger(longest) && longest > 0 ? { longestLifetime: longest } : {}),
  });
}

/** The row of a session as it is now; `malformed` is what the worker leaves alone, and the edge then has as before. */
export async function readRow(
  aws: Pick<Aws, 'clients'>,
  { table, region }: TablePlace,
  session: string,
): Promise<RevocationRow | 'malformed' | undefined> {
  const api = await aws.clients.dynamoDb(region);
  const { Item } = await api.getItem({ TableName: table, Key: { id: { S: session } }, ConsistentRead: true });
  return Item === undefined ? undefined : (rowOf(Item) ?? 'malformed');
}

export interface RowFilter {
  type?: RevocationRow['type'];
  state?: RevocationRow['state'];
  /** Created at or after it, seconds since 1970. */
  since: number;
  limit: number;
}

export interface ListedRows {
  /** Newest first. */
  rows: RevocationRow[];
  /** Whether there are more than `limit`. */
  more: boolean;
}

/** The newest rows that fit. An index says it, so the newest of all may be missing for a second. */
export async function listRows(aws: Pick<Aws, 'clients'>, place: TablePlace, filter: RowFilter): Promise<ListedRows> {
  const types = filter.type === undefined ? (['manual', 'automatic'] as const) : [filter.type];
  const found = await Promise.all(types.map((type) => newest(aws, place, { ...filter, type })));
  const rows = found.flat().sort((a, b) => b.created - a.created || (a.session < b.session ? -1 : 1));
  return { rows: rows.slice(0, filter.limit), more: rows.length > filter.limit };
}

/** Up to one more than `limit`, which says whether there are more. */
async function newest(
  aws: Pick<Aws, 'clients'>,
  { table, region }: TablePlace,
  { type, state, since, limit }: RowFilter & { type: string },
): Promise<RevocationRow[]> {
  const api = await aws.clients.dynamoDb(region);
  const rows: RevocationRow[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await api.query({
      TableName: table,
      IndexName: 'byCreated',
      ScanIndexForward: false,
      KeyConditionExpression: '#type = :type AND created >= :since',
      // What is left out by the filter counts as well: no smaller pages than a sensible one.
      Limit: Math.max(limit + 1, 100),
      ExpressionAttributeNames: { '#type': 'type', ...(state === undefined ? {} : { '#state': 'state' }) },
      ExpressionAttributeValues: {
        ':type': { S: type },
        ':since': { N: String(since) },
        ...(state === undefined ? {} : { ':state': { S: state } }),
      },
      ...(state === undefined ? {} : { FilterExpression: '#state = :state' }),
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    rows.push(...(page.Items ?? []).flatMap((item) => rowOf(item) ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && rows.length <= limit);
  return rows.slice(0, limit + 1);
}
