/** What this module's code asks of AWS when it does everything that it can. */
import type { Caller, Mount } from '../../../runtime/api/api.ts';
import { deployedDoor } from '../../../runtime/api/deployed-door.ts';
import { type ApiEnvironment, apiEnvironment, seedEnvironment } from '../../../runtime/api/environment.ts';
import { viewerBehindCloudFront } from '../../../runtime/api/mounts.ts';
import { OPERATIONS } from '../../../runtime/api/operations.ts';
import { seedTable } from '../../../runtime/api/seed.ts';
import { assetStore } from '../../../runtime/aws/asset-store.ts';
import { type DataCall, inProcess } from '../../helpers/aws/data/in-process.ts';
import { Tables } from '../../helpers/aws/data/tables.ts';
import { type Calls, type Recorded, record } from '../../helpers/iam/recorded.ts';
import { deployedWorld } from './deployed-world.ts';
import { ASSETS, asked, event, PLAYBACK, SETTINGS, type Sent } from './world.ts';

export const recorded: Recorded = {
  functions: {
    services: (variables) => recordedServices(apiEnvironment(variables)),
    viewers: (variables) => recordedViewers(apiEnvironment(variables)),
    seed: (variables) => recordedSeed(seedEnvironment(variables)),
  },
  policies: {
    /** A service, with whatever it may ask. */
    ServicesPolicy: async (ref) =>
      Object.fromEntries(
        OPERATIONS.filter(({ services }) => services !== undefined).map(({ id, method, path }) => [
          id,
          [{ service: 'execute-api', operation: 'Invoke', input: { api: ref('HttpApi'), method, path } }],
        ]),
      ),
  },
};

/** Who somebody is, AWS was not asked: API Gateway has said it, or a signed token does. */
async function opened(environment: ApiEnvironment, mount: Omit<Mount, 'authenticate'>, caller: Caller) {
  const { deployment } = environment;
  const world = await deployedWorld(environment, deployment);
  const made = deployedDoor({
    environment,
    mount: { ...mount, authenticate: async () => caller },
    ...world.parts,
    onAnswer: () => {},
  });
  /** Throws where the answer is another one: then not what was meant is recorded. */
  const ask = async (request: string, sent: Sent = {}, status = 200) => {
    const [method = '', path = ''] = request.split(' ');
    const answer = asked(await made(event(method, path, { kind: mount.kind, sent })));
    if (answer.status !== status) throw new Error(`${request}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return { world, ask };
}

const once = (letter: string): Sent => ({ headers: { 'idempotency-key': letter.repeat(22) } });

async function recordedServices(environment: ApiEnvironment): Promise<Calls> {
  const { world, ask } = await opened(environment, { kind: 'services', base: '' }, { id: 'cms' });
  const body = PLAYBACK;
  let [session, token] = ['', ''];
  return record(world.calls, [
    ['first request', () => ask('GET /assets')],
    [
      'playback',
      async () => {
        ({ session, token } = await ask('POST /playback/trailer', { body }, 201));
      },
    ],
    ['playback once', () => ask('POST /playback/trailer', { body, ...once('k') }, 201)],
    ['the same once more', () => ask('POST /playback/trailer', { body, ...once('k') }, 201)],
    ['playback that is refused', () => ask('POST /playback/nobody', { body, ...once('n') }, 404)],
    ['refresh', () => ask(`POST /sessions/${session}/refresh`, { body: { ...body, token } })],
    ['revoke', () => ask(`POST /sessions/${session}/revocation`)],
    ['lift', () => ask(`DELETE /sessions/${session}/revocation`)],
    ['list assets', () => ask('GET /assets')],
    ['look at an asset', () => ask('GET /assets/trailer')],
    ['write an asset', () => ask('PUT /assets/new', { body: { stream: 'plain', path: '/plain/new/' } }, 201)],
    ['delete an asset', () => ask('DELETE /assets/new', {}, 204)],
    ['list policies', () => ask('GET /policies')],
  ]);
}

async function recordedViewers(environment: ApiEnvironment): Promise<Calls> {
  const mount = { kind: 'viewers', base: '/api', viewerOf: viewerBehindCloudFront, countsCallers: true } as const;
  const { world, ask } = await opened(environment, mount, { id: 'viewer-1', subject: 'pseudonym-1' });
  let [session, token] = ['', ''];
  const live = () => ({ headers: { 'x-edgepass-token': token } });
  return record(world.calls, [
    ['first request', () => ask('GET /assets')],
    [
      'playback',
      async () => {
        ({ session, token } = await ask('POST /playback/trailer', {}, 201));
      },
    ],
    ['playback once', () => ask('POST /playback/trailer', once('k'), 201)],
    ['playback that is refused', () => ask('POST /playback/nobody', once('n'), 404)],
    ['refresh', () => ask(`POST /sessions/${session}/refresh`, live())],
    ['revoke', () => ask(`POST /sessions/${session}/revocation`, live())],
    ['list assets', () => ask('GET /assets')],
    ['look at an asset', () => ask('GET /assets/trailer')],
    ['list policies', () => ask('GET /policies')],
  ]);
}

function recordedSeed({ assetTable }: Pick<ApiEnvironment, 'assetTable'>): Promise<Calls> {
  const tables = new Tables();
  tables.create(assetTable, { byKind: { partition: 'kind', sort: 'id' } });
  const calls: DataCall[] = [];
  const store = assetStore(inProcess({ services: { dynamodb: tables }, calls }).tables, assetTable);
  const properties = { Settings: JSON.stringify(SETTINGS), LongestLifetime: '60', Distributions: '[]' };
  return record(calls, [
    ['deployment', () => seedTable(store, { ...properties, Assets: JSON.stringify(ASSETS) })],
    ['deployment without its assets', () => seedTable(store, { ...properties, Assets: '{}' })],
  ]);
}
