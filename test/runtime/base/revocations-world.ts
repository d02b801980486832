/** A deployment's revocations in memory: real SDK clients, real stores, the clock of the test. */
import type { Rule } from '@aws-sdk/client-wafv2';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { quarantine } from '../../../runtime/aws/quarantine.ts';
import { revocationTable } from '../../../runtime/aws/revocation-table.ts';
import { ruleGroup } from '../../../runtime/aws/rule-group.ts';
import type { Worker } from '../../../runtime/base/revocation-work.ts';
import { itemOf, type RevocationRow } from '../../../runtime/sessions/revocation-row.ts';
import { sessionsOf } from '../../../runtime/sessions/rule-packing.ts';
import { type DataCall, inProcess, type Weather } from '../../helpers/aws/data/in-process.ts';
import { KeyValues } from '../../helpers/aws/data/key-values.ts';
import { Queues } from '../../helpers/aws/data/queues.ts';
import { RuleGroups } from '../../helpers/aws/data/rule-groups.ts';
import { type StreamRecord, Tables } from '../../helpers/aws/data/tables.ts';
import { type KeysWorld, STORE, TABLE } from './keys-world.ts';

export const GROUP = 'acme-dev-revocations-1400';

export interface RevocationsWorld {
  now: number;
  /** ARN of the store that workers are told of. */
  arn: string;
  keyValues: KeyValues;
  tables: Tables;
  ruleGroups: RuleGroups;
  queues: Queues;
  calls: DataCall[];
  worker(options?: { waf?: boolean; weather?: Weather; skew?: number }): Worker;
  /** Puts a row, as an operator does. */
  put(row: Partial<RevocationRow> & { session: string }): void;
  /** The stream's records since the last time. */
  stream(): StreamRecord[];
  /** Keys at the edge. */
  edge(): string[];
  /** Sessions in the rules. */
  rules(): string[];
}

export interface RevocationsWorldOptions {
  /** Of the rule group. */
  capacity?: number;
  /** Bytes that the worker lets the store have. */
  room?: number;
  /** Whose store, table and clock these are as well. */
  beside?: KeysWorld;
}

export function revocationsWorld({ capacity = 1_400, room, beside }: RevocationsWorldOptions = {}): RevocationsWorld {
  let now = 1_800_000_000;
  const world: RevocationsWorld = {
    get now() {
      return beside?.now ?? now;
    },
    set now(time) {
      if (beside === undefined) now = time;
      else beside.now = time;
    },
    arn: STORE,
    keyValues: beside?.keyValues ?? new KeyValues(() => world.now),
    tables: beside?.tables ?? new Tables(),
    ruleGroups: new RuleGroups(),
    queues: new Queues(),
    calls: [],
    worker: ({ waf = false, weather, skew = 0 } = {}) => {
      const clients = inProcess({
        services: {
          'cloudfront-keyvaluestore': world.keyValues,
          dynamodb: world.tables,
          wafv2: world.ruleGroups,
          sqs: world.queues,
        },
        calls: world.calls,
        ...(weather === undefined ? {} : { weather }),
      });
      const table = revocationTable(clients.tables, TABLE);
      const more = { table, now: () => world.now + skew, patience: { tries: 20, wait: 0 } };
      const arn = `arn:aws:wafv2:us-east-1:111122223333:global/rulegroup/${GROUP}/1234`;
      return {
        store: {
          store: keyValueStore(clients.store, world.arn),
          known: {},
          ...(room === undefined ? {} : { room }),
          ...more,
        },
        ...(waf ? { rules: { group: ruleGroup(clients.waf, { arn, capacity }), known: {}, ...more } } : {}),
        quarantine: quarantine(clients.queues, 'http://in.process/queue'),
      };
    },
    put: (row) =>
      world.tables.table(TABLE).set(
        row.session,
        itemOf({
          state: 'revoked',
          type: 'manual',
          reason: 'leaked',
          created: world.now,
          expires: world.now + 4 * 3_600,
          ...row,
        }) as never,
      ),
    stream: () => world.tables.table(TABLE).stream.splice(0),
    edge: () => [...world.keyValues.content(world.arn).keys()].sort(),
    rules: () => sessionsOf(world.ruleGroups.rules(GROUP).map(decoded))?.sort() ?? [],
  };
  if (beside === undefined) world.keyValues.create(STORE);
  world.ruleGroups.create(GROUP, capacity);
  world.tables.create(TABLE, {
    byExpiry: { partition: 'held', sort: 'expires', projected: [] },
    byCreated: { partition: 'type', sort: 'created', projected: ['state', 'reason', 'score', 'expires'] },
  });
  return world;
}

/** A rule as a client reads it: bytes go over the wire in base64. */
function decoded(rule: ReturnType<RuleGroups['rules']>[number]): Rule {
  const { ByteMatchStatement: match } = rule.Statement;
  const Statement = match && {
    ByteMatchStatement: { ...match, SearchString: Buffer.from(match.SearchString, 'base64') },
  };
  return { ...rule, ...(Statement === undefined ? {} : { Statement }) } as unknown as Rule;
}
