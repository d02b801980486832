/** The token API on the AWS emulator: deployed by the built command, and driven through API Gateway there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startMinistack } from '../helpers/ministack.ts';
import { describeWith } from '../helpers/needs.ts';
import { AUDIENCE, type OidcIssuer, oidcIssuer } from '../helpers/oidc-issuer.ts';
import { secretIn } from '../helpers/secrets/known-secrets.ts';
import { ACCOUNTS, clientOf, HOME, logged, makeProject, type Project } from './emulator-project.ts';

describeWith(['ministack'], 'the token API on the emulator', () => {
  let emulator: Emulator;
  let project: Project;
  let issuer: OidcIssuer;
  let outputs: Record<string, string>;

  beforeAll(async () => {
    [emulator, issuer] = await Promise.all([startMinistack({ account: ACCOUNTS.dev ?? '' }), oidcIssuer()]);
    project = makeProject(emulator);
    project.configure((config) => {
      const auth = { type: 'oidc', issuer: issuer.issuer, audience: AUDIENCE };
      config.setIn(['environments', 'dev', 'modules', 'api'], { auth });
      config.setIn(['environments', 'dev', 'domains'], {
        media: { host: 'media.example.com', certificate: CERTIFICATE },
      });
      config.setIn(['assets'], {
        trailer: { stream: 'vod', path: '/vod/trailer/', playlists: { hls: 'i.m3u8', dash: 'm.mpd' } },
      });
    });
    await project.bootstrap('dev');
    await project.generate('dev');
    const deployed = await project.json('dev', 'deploy', '--yes');
    expect([deployed.code, deployed.diagnostics]).toEqual([0, []]);
    outputs = Object.assign({}, ...deployed.stacks.map((stack) => stack.outputs)) as Record<string, string>;
    await letKeysSign();
  }, 180_000);

  afterAll(async () => {
    project?.remove();
    await issuer?.stop();
    await emulator?.stop();
  });

  /** A new key signs when every edge location can know it, minutes later. Here that time has passed. */
  async function letKeysSign(): Promise<void> {
    const client = new SecretsManagerClient(clientOf(emulator, { account: ACCOUNTS.dev ?? '', region: HOME }));
    const at = { SecretId: outputs.IssuerRecordArn };
    const { SecretString = '' } = await client.send(new GetSecretValueCommand(at));
    const record = { ...(JSON.parse(SecretString) as object), signFrom: Math.floor(Date.now() / 1000) - 1 };
    await client.send(new PutSecretValueCommand({ ...at, SecretString: JSON.stringify(record) }));
  }

  /** Asks API Gateway, as a service with all scopes. */
  async function ask(
    method: string,
    path: string,
    body?: object,
    scope = SCOPES,
  ): Promise<{ status: number; body: Answer }> {
    const [, id] = /^https?:\/\/([a-z0-9]+)\./.exec(outputs.ServicesUrl ?? '') ?? [];
    const answer = await fetch(`${emulator.endpoint}/_aws/execute-api/${id}/$default${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await issuer.token({ scope, sub: 'cms' })}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer) };
  }

  it('issues, refreshes and revokes; the revocation reaches the edge', async () => {
    const viewer = { ip: '203.0.113.7', country: 'FR', headers: { 'user-agent': 'Player/1.0' } };
    const issued = await ask('POST', '/playback/trailer', { viewer });
    expect([issued.status, issued.body]).toEqual([
      201,
      expect.objectContaining({ asset: 'trailer', policy: 'subscriber' }),
    ]);
    const { session, token, urls } = issued.body as { session: string; token: string; urls: { dash: string } };
    expect(urls.dash).toBe(`https://media.example.com/${token}/vod/trailer/m.mpd`);
    const refreshed = await ask('POST', `/sessions/${session}/refresh`, { token, viewer });
    expect([refreshed.status, refreshed.body.session]).toEqual([200, session]);
    const revoked = await ask('POST', `/sessions/${session}/revocation`, { reason: 'test' });
    expect([revoked.status, revoked.body.state]).toEqual([200, 'revoked']);
    const refused = await ask('POST', `/sessions/${session}/refresh`, { token, viewer });
    expect([refused.status, refused.body.type]).toEqual([410, '/problems/session-revoked']);
    expect(await atEdge(`r.${session}`)).toBeDefined();
    const shown = await project.edgepass('dev', 'sessions', 'show', session);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('revoked')]);
  }, 60_000);

  it('keeps what the API has changed, over the next deployment', async () => {
    const asset = { stream: 'vod', path: '/vod/other/' };
    expect((await ask('PUT', '/assets/trailer', asset)).status).toBe(200);
    expect((await ask('PUT', '/assets/second', asset)).status).toBe(201);
    project.configure((config) => config.setIn(['assets', 'third'], { stream: 'vod', path: '/vod/third/' }));
    await project.generate('dev');
    expect((await project.json('dev', 'deploy', '--yes')).code).toBe(0);
    const listed = await ask('GET', '/assets');
    expect((listed.body.assets as { id: string; path: string }[]).map(({ id, path }) => `${id} ${path}`)).toEqual([
      'second /vod/other/',
      'third /vod/third/',
      'trailer /vod/other/',
    ]);
  }, 60_000);

  it('answers with problems, and lets nobody in without the scope', async () => {
    const unknown = await ask('POST', '/playback/nobody', { viewer: {} });
    expect([unknown.status, unknown.body.type]).toEqual([404, '/problems/asset-not-found']);
    const nowhere = await ask('GET', '/nowhere');
    expect([nowhere.status, nowhere.body.type]).toEqual([404, '/problems/not-found']);
    const viewer = await ask('POST', '/playback/trailer', { viewer: {} }, 'edgepass:viewing');
    expect([viewer.status, viewer.body.type]).toEqual([403, '/problems/scope-missing']);
  });

  it('has logged all the while, and no secret in it', async () => {
    // A line with one ends the run of all tests, in which it is counted.
    const lines = await logged(emulator);
    expect(lines.filter((line) => line.includes('"message":"request"')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => secretIn(line) !== undefined)).toHaveLength(0);
  });

  /** A key of the KeyValueStore, waited for. ministack reads the account from signatures of version 4 only, and checks none. */
  async function atEdge(key: string): Promise<string | undefined> {
    const credential = `${ACCOUNTS.dev}/20260101/us-east-1/cloudfront-keyvaluestore/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
    const url = `${emulator.endpoint}/key-value-stores/${encodeURIComponent(outputs.KeyValueStoreArn ?? '')}/keys/${key}`;
    for (const until = Date.now() + 30_000; Date.now() < until; await sleep(250)) {
      const answer = await fetch(url, { headers: { authorization } });
      if (answer.ok) return answer.text();
    }
    return undefined;
  }
});

type Answer = Record<string, unknown>;

const SCOPES = 'edgepass:playback edgepass:revocations edgepass:assets edgepass:assets:write';
const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
