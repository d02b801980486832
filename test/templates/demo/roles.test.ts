/** Roles of the demo's functions, both ways: what they call is allowed, and what is allowed they call. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_ID } from '../../../runtime/aws/control-item.ts';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { MAX_ATTEMPTS } from '../../../runtime/demo/access.ts';
import { siteBucket } from '../../../runtime/demo/bucket.ts';
import { createPlay } from '../../../runtime/demo/play.ts';
import { clearSite, publishSite } from '../../../runtime/demo/publication.ts';
import demo from '../../../templates/demo/module.ts';
import { type DataCall, inProcess } from '../../helpers/aws/data/in-process.ts';
import { apiWorld, asked, event, REVOCATIONS, SETTINGS, STORE, TABLE } from '../../runtime/api/world.ts';
import { siteFiles } from '../../runtime/demo/site-files.ts';
import { record } from '../../runtime/issuer/world.ts';
import { renderConfig } from '../rendering.ts';

interface Statement {
  Sid: string;
  Action: string | string[];
  Condition?: Record<string, { 'dynamodb:LeadingKeys': string[] }>;
}

let roles: Record<'play' | 'publish', Statement[]>;
beforeAll(async () => {
  const { stacks } = await renderConfig('templates/demo/example.yaml');
  const resources = stacks.dev?.find(({ id }) => id === 'demo.home')?.template.Resources as unknown as Record<
    string,
    { Properties: { Policies: { PolicyDocument: { Statement: Statement[] } }[] } }
  >;
  const of = (id: string): Statement[] =>
    resources[id]?.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  roles = { play: of('PlayRole'), publish: of('PublishRole') };
});

const actions = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.flatMap(({ Action }) => Action))].sort();
/** Lambda writes the log of a function for it. */
const withoutLog = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith('logs:'));

it.each(['play', 'publish'] as const)('the role of %s allows what the contract says, and no more', (name) => {
  const fn = demo.functions[name];
  const stated = fn?.kind === 'lambda' ? fn.permissions.map(({ action }) => action) : [];
  expect(actions(roles[name])).toEqual([...stated].sort());
});

describe('play', () => {
  /** Every call of the function while everything is done that can be done with it. */
  async function callsOfPlay(): Promise<DataCall[]> {
    const world = await apiWorld({ kind: 'viewers' });
    await world.store.writeSettings(JSON.stringify(SETTINGS));
    const calls: DataCall[] = [];
    const services = { dynamodb: world.tables, 'cloudfront-keyvaluestore': world.keyValues };
    const clients = inProcess({ services, calls });
    const code = 'c'.repeat(32);
    const play = createPlay({
      tables: clients.tables,
      secrets: {
        getSecretValue: async ({ SecretId }) => {
          calls.push({ service: 'secretsmanager', operation: 'GetSecretValue', input: {} } as unknown as DataCall);
          return { SecretString: SecretId === 'access' ? code : JSON.stringify(record) };
        },
      },
      state: () => keyValueStore(clients.store, STORE).get('state'),
      environment: {
        ...{ project: 'acme', environment: 'test', table: TABLE, revocationTable: REVOCATIONS },
        ...{ issuerRecordArn: 'issuer', keyValueStoreArn: STORE, accessCodeArn: 'access' },
      },
      now: () => world.now * 1000,
    });
    const ask = async (method: string, path: string, headers: Record<string, string> = {}) =>
      asked(
        await play(
          event(method, path, { kind: 'viewers', sent: { headers: { 'x-edgepass-code': code, ...headers } } }),
        ),
      );
    await ask('GET', '/assets');
    await ask('GET', '/policies');
    const once = { 'idempotency-key': 'k'.repeat(32) };
    await ask('POST', '/playback/trailer', once);
    const { session, token } = (await ask('POST', '/playback/trailer', once)).body;
    await ask('POST', '/playback/film', { 'idempotency-key': 'f'.repeat(32) });
    const live = { 'x-edgepass-token': token };
    for (const verb of ['refresh', 'revocation', 'refresh']) await ask('POST', `/sessions/${session}/${verb}`, live);
    for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1)
      await ask('GET', '/assets', { 'x-edgepass-code': 'guess' });
    return calls;
  }

  it('calls what its role allows, all of it and nothing else', async () => {
    const called = [...new Set((await callsOfPlay()).map(({ service, operation }) => `${service}:${operation}`))];
    expect(called.sort()).toEqual(withoutLog(actions(roles.play)));
  });

  it('writes the items of the table of assets that its role names', async () => {
    const written = (await callsOfPlay())
      .map(({ operation, input }) => ({ operation, input: input as { TableName?: string; Key?: Keyed; Item?: Keyed } }))
      .filter(({ operation, input }) => input.TableName === TABLE && /^(Put|Update|Delete)/.test(operation))
      .map(({ operation, input }) => `${operation} ${(input.Key ?? input.Item)?.id.S.split('#')[0]}#*`);
    const allowed = roles.play.flatMap(({ Action, Condition }) =>
      (Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []).flatMap((keys) =>
        [Action].flat().map((action) => `${action.slice('dynamodb:'.length)} ${keys}`),
      ),
    );
    expect([...new Set(written)].sort()).toEqual(allowed.sort());
  });

  it('may not touch what an operator asked of the whole deployment', () => {
    const revocations = roles.play.find(({ Sid }) => Sid === 'Revocations');
    expect(revocations?.Condition).toEqual({
      'ForAllValues:StringNotEquals': { 'dynamodb:LeadingKeys': [CONTROL_ID] },
    });
  });
});

interface Keyed {
  id: { S: string };
}

it('publish calls what its role allows, all of it and nothing else', async () => {
  const called = new Set<string>(['s3:GetObject']);
  const names: Record<string, string> = {
    PutObjectCommand: 's3:PutObject',
    ListObjectsV2Command: 's3:ListBucket',
    DeleteObjectsCommand: 's3:DeleteObject',
  };
  const Contents = [{ Key: 'old.html', LastModified: new Date(0) }];
  const client = {
    send: async (command: object) => {
      called.add(names[command.constructor.name] ?? command.constructor.name);
      return { Contents };
    },
  };
  const bucket = siteBucket(client as never, 'site');
  await publishSite({ packed: (await siteFiles()).zipped, bucket, now: Date.now() });
  await clearSite(bucket);
  expect([...called].sort()).toEqual(withoutLog(actions(roles.publish)));
});
