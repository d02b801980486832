/**
 * A row of the revocation table: one session, and why it is refused or no longer is. Written by operators, the token API and the
 * automatic revocation; read by the worker that brings it to the edge.
 */
import type { AttributeValue, PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';

/** As they stand behind `ssn`; the id of the control item is too short to be one. */
const SESSION = /^[\w-]{16,64}$/;

export function isSession(value: unknown): value is string {
  return typeof value === 'string' && SESSION.test(value);
}

/** Times are seconds since 1970. */
export interface RevocationRow {
  session: string;
  /** `lifted`: no longer refused; the row stays as a mark that automatic revocations respect. */
  state: 'revoked' | 'lifted';
  type: 'manual' | 'automatic';
  /** Whose own session it is, of manual ones; absent for operators and services. */
  by?: 'viewer';
  /** In the operator's or the detection's words, at most 200 characters. */
  reason: string;
  /** Of the detection. */
  score?: number;
  created: number;
  /** From here on no token of the session can be valid, and the row goes. */
  expires: number;
}

type Item = Record<string, AttributeValue>;

/** The row of an item; undefined when it is none, e.g. because somebody edited it. */
export function rowOf(item: Item): RevocationRow | undefined {
  const { id, state, type, by, reason, score, created, expires } = item;
  const session = id?.S;
  const row = {
    session,
    state: state?.S,
    type: type?.S,
    ...(by?.S === 'viewer' ? { by: by.S } : {}),
    reason: reason?.S ?? '',
    created: Number(created?.N ?? Number.NaN),
    expires: Number(expires?.N ?? Number.NaN),
    ...(score?.N === undefined ? {} : { score: Number(score.N) }),
  };
  const isWhole =
    isSession(row.session) &&
    (row.state === 'revoked' || row.state === 'lifted') &&
    (row.type === 'manual' || row.type === 'automatic') &&
    Number.isInteger(row.created) &&
    Number.isInteger(row.expires);
  return isWhole ? (row as RevocationRow) : undefined;
}

/** The item of a row. `held` is there while the session is refused: the index that is swept has only those. */
export function itemOf(row: RevocationRow): Item {
  const { session, state, type, by, reason, score, created, expires } = row;
  return {
    id: { S: session },
    state: { S: state },
    type: { S: type },
    ...(by === undefined ? {} : { by: { S: by } }),
    reason: { S: reason },
    created: { N: String(created) },
    expires: { N: String(expires) },
    ...(score === undefined ? {} : { score: { N: String(score) } }),
    ...(state === 'revoked' ? { held: { S: '1' } } : {}),
  };
}

/**
 * Puts a row. A manual one replaces whatever is there; an automatic one only another automatic one that still refuses, so that it
 * neither overwrites what a person has said nor brings back what a person has lifted. The call then fails with
 * `ConditionalCheckFailedException`.
 */
export function putRow(table: string, row: RevocationRow): PutItemCommandInput {
  const put = { TableName: table, Item: itemOf(row) };
  if (row.type === 'manual') return put;
  return {
    ...put,
    ConditionExpression:
      'attribute_not_exists(id) OR (#type = :automatic AND #state = :revoked AND expires <= :expires)',
    ExpressionAttributeNames: { '#type': 'type', '#state': 'state' },
    ExpressionAttributeValues: {
      ':automatic': { S: 'automatic' },
      ':revoked': { S: 'revoked' },
      ':expires': { N: String(row.expires) },
    },
  };
}

/** Lifts a revocation. Fails with `ConditionalCheckFailedException` where there is none. */
export function liftRow(table: string, session: string): UpdateItemCommandInput {
  return {
    TableName: table,
    Key: { id: { S: session } },
    UpdateExpression: 'SET #state = :lifted REMOVE held',
    ConditionExpression: '#state = :revoked',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':lifted': { S: 'lifted' }, ':revoked': { S: 'revoked' } },
  };
}

/** Viewers revoke as many sessions as they like to begin: that must push out nothing an operator has revoked. */
function rankOf({ type, by }: RevocationRow): number {
  if (type === 'automatic') return 2;
  return by === 'viewer' ? 1 : 0;
}

/** Who stays where there is no room for all: those of operators, of viewers, automatic ones; the newest of each first. */
export function byWeight(a: RevocationRow, b: RevocationRow): number {
  return rankOf(a) - rankOf(b) || b.created - a.created || (a.session < b.session ? -1 : 1);
}

/** What two clocks may differ by; nothing goes before its time because a clock is ahead. */
export const SKEW = 120;

export function isOver(row: RevocationRow, now: number): boolean {
  return row.expires + SKEW <= now;
}

/** Whether the edge must refuse the session. */
export function isHeld(row: RevocationRow, now: number): boolean {
  return row.state === 'revoked' && !isOver(row, now);
}
