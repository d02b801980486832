/** What the functions of the API do in AWS, what their contract says, and what their roles allow, are the same. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LambdaContract } from '../../../generator/modules/contract.ts';
import { seedTable } from '../../../runtime/api/seed.ts';
import { assetStore } from '../../../runtime/aws/asset-store.ts';
import contract from '../../../templates/api/module.ts';
import { type DataCall, inProcess } from '../../helpers/aws/data/in-process.ts';
import { ASSETS, apiWorld, PLAYBACK, SETTINGS, TABLE } from '../../runtime/api/world.ts';
import { renderConfig } from '../rendering.ts';

interface Statement {
  Sid: string;
  Action: string | string[];
  Condition?: Record<string, Record<string, string[]>>;
}

/** By the name of a function: the statements of its role, where viewers may come. */
const roles: Record<string, Statement[]> = {};

beforeAll(async () => {
  const { stacks } = await renderConfig('templates/api/example.yaml');
  const resources = stacks.prod?.find(({ id }) => id === 'api.home')?.template.Resources as unknown as Record<
    string,
    { Properties: RoleProperties }
  >;
  for (const name of ['Services', 'Viewers', 'Seed'])
    roles[name.toLowerCase()] =
      resources[`${name}Role`]?.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
});

interface RoleProperties {
  Policies: { PolicyDocument: { Statement: Statement[] } }[];
}

const actionsOf = (name: string): string[] =>
  [...new Set((roles[name] ?? []).flatMap(({ Action }) => [Action].flat()))].sort();

/** Calls of every operation that there is. */
async function callsOf(kind: 'services' | 'viewers'): Promise<DataCall[]> {
  const world = await apiWorld({ kind });
  const sent = kind === 'services' ? { body: PLAYBACK } : {};
  const { body } = await world.ask('POST', '/playback/trailer', {
    ...sent,
    headers: { 'idempotency-key': 'k'.repeat(22) },
  });
  await world.ask('POST', '/playback/nobody', { ...sent, headers: { 'idempotency-key': 'n'.repeat(22) } });
  const live = { headers: { 'x-edgepass-token': body.token } };
  const refresh = kind === 'services' ? { body: { ...PLAYBACK, token: body.token } } : live;
  await world.ask('POST', `/sessions/${body.session}/refresh`, refresh);
  await world.ask('POST', `/sessions/${body.session}/revocation`, kind === 'services' ? {} : live);
  for (const path of ['/assets', '/assets/trailer', '/policies']) await world.ask('GET', path);
  if (kind === 'services') {
    await world.ask('DELETE', `/sessions/${body.session}/revocation`);
    await world.ask('PUT', '/assets/new', { body: { stream: 'plain', path: '/plain/new/' } });
    await world.ask('DELETE', '/assets/new');
  }
  return world.calls;
}

/** Of a table, which items: those that `dynamodb:LeadingKeys` speaks of. */
function keyOf({ input }: DataCall): string {
  const { Key, Item } = input as { Key?: { id?: { S: string } }; Item?: { id?: { S: string } } };
  return (Key ?? Item)?.id?.S ?? '';
}

function allows({ Action, Condition = {} }: Statement, call: DataCall): boolean {
  if (![Action].flat().includes(`${call.service}:${call.operation}`)) return false;
  const key = keyOf(call);
  const like = Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
  const not = Condition['ForAllValues:StringNotEquals']?.['dynamodb:LeadingKeys'] ?? [];
  return (
    (like.length === 0 || like.some((pattern) => key.startsWith(pattern.replace(/\*$/, '')))) && !not.includes(key)
  );
}

describe.each(['services', 'viewers', 'seed'])('the role of %s', (name) => {
  it('allows what the contract says, and nothing else', () => {
    const { permissions } = contract.functions[name] as LambdaContract;
    expect(actionsOf(name)).toEqual([...new Set(permissions.map(({ action }) => action))].sort());
  });
});

describe.each(['services', 'viewers'] as const)('the function of %s', (kind) => {
  it('calls what its role allows, and there is nothing that it does not need', async () => {
    const calls = await callsOf(kind);
    const refused = calls.filter((call) => !(roles[kind] ?? []).some((statement) => allows(statement, call)));
    expect(refused.map((call) => `${call.operation} ${keyOf(call)}`)).toEqual([]);
    const needed = new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
    // Of the log and of the issuer record, which these tests have from elsewhere.
    const others = ['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue'];
    expect(actionsOf(kind).filter((action) => !needed.has(action))).toEqual(others);
  });

  it('may neither write settings nor touch what operators asked of the whole deployment', () => {
    const writes = ['PutItem', 'UpdateItem', 'DeleteItem'].map((operation) => ({ service: 'dynamodb', operation }));
    for (const write of writes)
      for (const id of ['settings', 'control']) {
        const call = { ...write, input: { Key: { id: { S: id } } } };
        const table = id === 'settings' ? ['WriteAssets', 'KnownRequests'] : ['Revocations'];
        const statements = (roles[kind] ?? []).filter(({ Sid }) => table.includes(Sid));
        expect(statements.some((statement) => allows(statement, call))).toBe(false);
      }
  });
});

it('the function that seeds calls what its role allows', async () => {
  const calls: DataCall[] = [];
  const { tables } = await apiWorld();
  const client = inProcess({ services: { dynamodb: tables }, calls }).tables;
  const properties = { Settings: JSON.stringify(SETTINGS), LongestLifetime: '60', Distributions: '[]' };
  await seedTable(assetStore(client, TABLE), { ...properties, Assets: JSON.stringify(ASSETS) });
  await seedTable(assetStore(client, TABLE), { ...properties, Assets: '{}' });
  expect(calls.filter((call) => !(roles.seed ?? []).some((statement) => allows(statement, call)))).toEqual([]);
  // Requests with the tokens of their answers, and counts of wrong codes, are none of its business.
  for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem'])
    for (const id of ['request#x', 'attempt#x']) {
      const call = { service: 'dynamodb', operation, input: { Key: { id: { S: id } } } };
      expect((roles.seed ?? []).some((statement) => allows(statement, call))).toBe(false);
    }
  const needed = [...new Set(calls.map(({ operation }) => `dynamodb:${operation}`))].sort();
  expect(actionsOf('seed').filter((action) => action.startsWith('dynamodb:'))).toEqual(needed);
});
