/** How often a viewer may have tokens issued, with the door that ships and the clock of the test. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../runtime/api/api.ts';
import { deployedDoor } from '../../../runtime/api/deployed-door.ts';
import { viewersMount } from '../../../runtime/api/mounts.ts';
import { openApi } from '../../../runtime/api/openapi.ts';
import { assetStore } from '../../../runtime/aws/asset-store.ts';
import { AUD } from '../issuer/world.ts';
import { type DeployedWorld, deployedWorld } from './deployed-world.ts';
import { type Asked, asked, event, REVOCATIONS, SETTINGS, type Sent, STORE, TABLE } from './world.ts';

const NAMES = { assetTable: TABLE, revocationTable: REVOCATIONS, issuerRecordArn: 'issuer', keyValueStoreArn: STORE };
const auth = {
  type: 'oidc',
  issuer: 'https://login.example.com',
  audience: 'api',
  tokenType: 'jwt',
  scopes: {},
} as never;

let world: DeployedWorld;
let caller: Caller;
let ask: (request: string, sent?: Sent) => Promise<Asked>;

const viewer = (name: string): Caller => ({ id: `app ${name}`, subject: name });

beforeEach(async () => {
  world = await deployedWorld(NAMES, AUD);
  // On the minute, so that a test moves within one as far as it says.
  world.now -= world.now % 60;
  caller = viewer('one');
  const settings = JSON.stringify({ ...SETTINGS, viewerRate: 3 });
  await assetStore(world.parts.tables, TABLE).writeSettings(settings);
  const mount = { ...viewersMount({ auth, deployment: AUD }), authenticate: async () => caller };
  const door = deployedDoor({ environment: NAMES, mount, ...world.parts, onAnswer: () => {} });
  ask = async (request, sent = {}) => {
    const [method = '', path = ''] = request.split(' ');
    return asked(await door(event(method, path, { kind: 'viewers', sent })));
  };
});

const play = () => ask('POST /playback/trailer');

describe('a viewer', () => {
  it('has so many tokens issued in a minute, and more in the next one', async () => {
    for (let n = 0; n < 3; n++) expect((await play()).status).toBe(201);
    world.now += 45;
    const { status, problem, headers, body } = await play();
    expect([status, problem, headers['retry-after']]).toEqual([429, 'too-many-requests', '15']);
    expect(body).not.toHaveProperty('token');
    world.now += 15;
    expect((await play()).status).toBe(201);
  });

  it('takes nothing from another one', async () => {
    for (let n = 0; n < 4; n++) await play();
    caller = viewer('two');
    expect((await play()).status).toBe(201);
  });

  it('is the same one in every app', async () => {
    for (let n = 0; n < 3; n++) await play();
    caller = { ...viewer('one'), id: 'another app' };
    expect((await play()).problem).toBe('too-many-requests');
  });

  it('pays for refreshes and for what is refused, and may always revoke and look', async () => {
    const { session, token } = (await play()).body;
    const live = { headers: { 'x-edgepass-token': token } };
    expect((await ask(`POST /sessions/${session}/refresh`, live)).status).toBe(200);
    expect((await ask('POST /playback/nobody')).problem).toBe('asset-not-found');
    expect((await ask(`POST /sessions/${session}/refresh`, live)).problem).toBe('too-many-requests');
    expect((await ask('GET /assets')).status).toBe(200);
    expect((await ask(`POST /sessions/${session}/revocation`, live)).status).toBe(200);
  });
});

it('is told in the description for viewers, where it holds', () => {
  const paths = (kind: 'services' | 'viewers') =>
    Object.entries(openApi(kind).paths as Record<string, Record<string, { responses: object }>>).flatMap(
      ([path, all]) =>
        Object.entries(all).flatMap(([method, { responses }]) => ('429' in responses ? [`${method} ${path}`] : [])),
    );
  expect(paths('viewers')).toEqual(['post /playback/{asset}', 'post /sessions/{session}/refresh']);
  expect(paths('services')).toEqual([]);
});
