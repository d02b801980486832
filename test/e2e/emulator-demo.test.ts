/** The demo on the AWS emulator: deployed by the built command, its website in the bucket, its function asked as CloudFront would. */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startMinistack } from '../helpers/ministack.ts';
import { describeWith } from '../helpers/needs.ts';
import { secretIn } from '../helpers/secrets/known-secrets.ts';
import { event } from '../runtime/api/world.ts';
import { ACCOUNTS, clientOf, HOME, logged, makeProject, type Project } from './emulator-project.ts';

describeWith(['ministack'], 'the demo on the emulator', () => {
  let emulator: Emulator;
  let project: Project;
  let outputs: Record<string, string>;

  beforeAll(async () => {
    emulator = await startMinistack({ account: ACCOUNTS.dev ?? '' });
    project = makeProject(emulator);
    project.configure((config) => {
      config.setIn(['environments', 'dev', 'modules', 'api'], {});
      config.setIn(['environments', 'dev', 'modules', 'demo'], {});
      config.setIn(['environments', 'dev', 'domains'], {
        media: { host: 'media.example.com', certificate: CERTIFICATE },
      });
      const playlists = { hls: 'i.m3u8', dash: 'm.mpd' };
      config.setIn(['assets'], {
        trailer: { stream: 'vod', path: '/vod/trailer/', playlists: { ...playlists }, demo: true },
        film: { stream: 'vod', path: '/vod/film/', playlists: { ...playlists } },
      });
    });
    await project.bootstrap('dev');
    await project.generate('dev');
    const deployed = await project.json('dev', 'deploy', '--yes');
    expect([deployed.code, deployed.diagnostics]).toEqual([0, []]);
    outputs = Object.assign({}, ...deployed.stacks.map((stack) => stack.outputs)) as Record<string, string>;
  }, 180_000);

  afterAll(async () => {
    project?.remove();
    await emulator?.stop();
  });

  const client = () => {
    const { credentials, region } = clientOf(emulator, { account: ACCOUNTS.dev ?? '', region: HOME });
    return { credentials, region, endpoint: emulator.endpoint };
  };

  it('has the website in its bucket, whole', async () => {
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    const Bucket = await bucketOfSite();
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const there = Contents.map(({ Key = '' }) => Key);
    const page = await s3.send(new GetObjectCommand({ Bucket, Key: 'index.html' }));
    expect([page.ContentType, page.CacheControl]).toEqual(['text/html; charset=utf-8', 'no-cache']);
    const html = (await page.Body?.transformToString()) ?? '';
    const loaded = [...html.matchAll(/"(assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded.length).toBeGreaterThan(2);
    expect(there).toEqual(expect.arrayContaining(loaded));
    expect(there.some((path) => path.startsWith('assets/shaka-player'))).toBe(true);
  });

  it('opens to its code, issues for marked assets, revokes and refuses', async () => {
    const secrets = new SecretsManagerClient(client());
    const { SecretString: code = '' } = await secrets.send(
      new GetSecretValueCommand({ SecretId: outputs.AccessCodeArn }),
    );
    expect(code.length).toBe(32);
    expect((await ask('GET', '/about')).body).toMatchObject({ mount: 'demo', project: 'acme-video' });
    expect((await ask('GET', '/assets')).status).toBe(401);
    const open = { 'x-edgepass-code': code };
    expect((await ask('GET', '/assets', open)).body.assets).toMatchObject([{ id: 'trailer' }]);
    // The first key waits for the edge, and for clocks that differ.
    emulator.setClock(600);
    const issued = await ask('POST', '/playback/trailer', open);
    expect(issued.status).toBe(201);
    const { session, token } = issued.body as { session: string; token: string };
    const live = { ...open, 'x-edgepass-token': token };
    expect((await ask('POST', `/sessions/${session}/refresh`, live)).status).toBe(200);
    expect((await ask('POST', `/sessions/${session}/revocation`, live)).body.state).toBe('revoked');
    expect((await ask('POST', `/sessions/${session}/refresh`, live)).body.type).toBe('/problems/session-revoked');
    const shown = await project.edgepass('dev', 'sessions', 'show', session);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('revoked')]);
  });

  it('has logged all the while, and no secret in it', async () => {
    // A line with one ends the run of all tests, in which it is counted.
    const lines = await logged(emulator);
    expect(lines.filter((line) => line.includes('"message":"answered"')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => secretIn(line) !== undefined)).toHaveLength(0);
  });

  /** By the CLI of AWS nobody would know: it is the bucket with the page. */
  async function bucketOfSite(): Promise<string> {
    const { ListBucketsCommand } = await import('@aws-sdk/client-s3');
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name = '' }) => Name).find((name) => name.includes('demo') || name.includes('site')) ?? '';
  }

  /** Calls the function as its URL would. */
  async function ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const name = await playFunction();
    const answer = await fetch(`${emulator.endpoint}/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      headers: { authorization: authorization() },
      body: JSON.stringify(event(method, path, { kind: 'viewers', sent: { headers } })),
    });
    const { statusCode, body } = (await answer.json()) as { statusCode: number; body: string };
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
  }

  async function playFunction(): Promise<string> {
    const answer = await fetch(`${emulator.endpoint}/2015-03-31/functions/`, {
      headers: { authorization: authorization() },
    });
    const { Functions } = (await answer.json()) as { Functions: { FunctionName: string; Description: string }[] };
    return Functions.find(({ Description }) => /behind its access code/.test(Description))?.FunctionName ?? '';
  }

  /** The emulator reads account and Region there, and checks no signature. */
  function authorization(): string {
    return `AWS4-HMAC-SHA256 Credential=${ACCOUNTS.dev}/20270101/${HOME}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
  }
});

const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
