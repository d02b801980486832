/** A deployment's revocations in memory: real SDK clients, real stores, the clock of the test. */
import type { Rule } from '@aws-sdk/client-wafv2';
import type { RevocationsEnvironment } from '../../../runtime/base/environment.ts';
import type { Worker } from '../../../runtime/base/revocation-work.ts';
import { workerOf } from '../../../runtime/base/revocations.ts';
import { itemOf, type RevocationRow } from '../../../runtime/sessions/revocation-row.ts';
import { sessionsOf } from '../../../runtime/sessions/rule-packing.ts';
import { revocations as contract } from '../../../templates/base/functions.ts';
import { type DataCall, inProcess, type Weather } from '../../helpers/aws/data/in-process.ts';
import { KeyValues } from '../../helpers/aws/data/key-values.ts';
import { Queues } from '../../helpers/aws/data/queues.ts';
import { RuleGroups } from '../../helpers/aws/data/rule-groups.ts';
import { type StreamRecord, Tables } from '../../helpers/aws/data/tables.ts';
import { AUDIENCE, type KeysWorld, STORE, TABLE } from './keys-world.ts';

export const GROUP = 'acme-dev-revocations-1400';

/** A test holds the role of the function to the same list. */
const MAY = new Set(contract.permissions.map(({ action }) => action));

const ENVIRONMENT: RevocationsEnvironment = {
  audience: AUDIENCE,
  keyValueStoreArn: STORE,
  tableName: TABLE,
  quarantineUrl: 'http://in.process/queue',
  ruleGroup: { arn: `arn:aws:wafv2:us-east-1:111122223333:global/rulegroup/${GROUP}/1234`, capacity: 1_400 },
};

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
  /** What the function is told in another deployment. */
  environment?: RevocationsEnvironment;
}

export function revocationsWorld({
  capacity = 1_400,
  room,
  beside,
  environment = ENVIRONMENT,
}: RevocationsWorldOptions = {}): RevocationsWorld {
  const { keyValueStoreArn, tableName, ruleGroup } = environment;
  const group = ruleGroup?.arn.split('/').at(-2) ?? GROUP;
  let now = 1_800_000_000;
  const world: RevocationsWorld = {
    get now() {
      return beside?.now ?? now;
    },
    set now(time) {
      if (beside === undefined) now = time;
      else beside.now = time;
    },
    arn: keyValueStoreArn,
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
        may: MAY,
        ...(weather === undefined ? {} : { weather }),
      });
      const told = waf && ruleGroup !== undefined ? { ruleGroup: { ...ruleGroup, capacity } } : {};
      const { ruleGroup: _, ...others } = environment;
      const { store, rules, quarantine } = workerOf({ ...others, keyValueStoreArn: world.arn, ...told }, clients);
      const more = { now: () => world.now + skew, patience: { tries: 20, wait: 0 } };
      return {
        store: { ...store, ...(room === undefined ? {} : { room }), ...more },
        ...(rules === undefined ? {} : { rules: { ...rules, ...more } }),
        quarantine,
      };
    },
    put: (row) =>
      world.tables.table(tableName).set(
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
    stream: () => world.tables.table(tableName).stream.splice(0),
    edge: () => [...world.keyValues.content(world.arn).keys()].sort(),
    rules: () => sessionsOf(world.ruleGroups.rules(group).map(decoded))?.sort() ?? [],
  };
  if (beside === undefined) world.keyValues.create(keyValueStoreArn);
  world.ruleGroups.create(group, capacity);
  world.tables.create(tableName, {
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
