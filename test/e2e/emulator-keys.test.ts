/**
 * Keys and revocations of a deployment on an AWS emulator: what `generate` made, deployed by `deploy`, worked by the commands through
 * the deployed workflow, stream and functions; and what the generated edge function makes of the outcome under njs.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { KeysAnswer } from '../../generator/aws/keys-answer.ts';
import { parseKeyRecord } from '../../runtime/keys/key-record.ts';
import { STATE_KEY } from '../../runtime/keys/state.ts';
import { revocationKey } from '../../runtime/token/revocation.ts';
import { type Emulator, startMinistack } from '../helpers/ministack.ts';
import { describeWith } from '../helpers/needs.ts';
import { secretIn } from '../helpers/secrets/known-secrets.ts';
import { type Edge, edgeOf } from './emulator-edge.ts';
import { ACCOUNTS, clientOf, EDGE, HOME, logged, makeProject, type Project } from './emulator-project.ts';

const ACCOUNT = ACCOUNTS.dev ?? '';
const DAY = 86_400;
const TABLE = 'acme-video-dev-revocations';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

describeWith(['ministack', 'njs'], 'keys and revocations on the emulator', () => {
  let emulator: Emulator;
  let project: Project;
  let edge: Edge;
  let outputs: Record<string, string> = {};
  /** Seconds that the functions' clock is ahead. */
  let ahead = 0;
  const now = (): number => Math.floor(Date.now() / 1000) + ahead;
  const pass = (seconds: number): void => {
    ahead += seconds;
    emulator.setClock(ahead);
  };

  const home = () => clientOf(emulator, { account: ACCOUNT, region: HOME });
  const secret = async (name: string): Promise<string> => {
    const SecretId = `edgepass/acme-video/dev/${name}`;
    return (await new SecretsManagerClient(home()).send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
  };
  const issue = async (session?: string) =>
    edge.issue(await secret('issuer-record'), { now: now(), ...(session === undefined ? {} : { session }) });
  const states = async () => parseKeyRecord(await secret('key-record')).keys.map(({ state }) => state);

  /** A command that has to succeed; what it printed. */
  async function edgepass<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const ran = await project.edgepass('dev', ...args, '--json');
    expect([ran.code, ran.code === 0 ? '' : ran.stdout + ran.stderr], args.join(' ')).toEqual([0, '']);
    return JSON.parse(ran.stdout) as T;
  }

  /** Calls the function of revocations as a schedule does. */
  async function scheduled(task: 'sweep' | 'reconcile'): Promise<void> {
    const answer = await emulator.request({
      service: 'lambda',
      account: ACCOUNT,
      region: HOME,
      path: `/2015-03-31/functions/${outputs.RevocationsFunction}/invocations`,
      body: JSON.stringify({ task }),
    });
    expect(answer).not.toContain('errorMessage');
  }

  /** Until the stream's records have been worked off. */
  const follows = (check: () => Promise<unknown> | unknown) => vi.waitFor(check, { timeout: 30_000, interval: 200 });

  async function deploy(): Promise<void> {
    const ran = await project.json('dev', 'deploy', '--yes');
    expect([ran.code, ran.diagnostics]).toEqual([0, []]);
    outputs = Object.assign({}, ...ran.stacks.map((stack) => stack.outputs)) as Record<string, string>;
    const { StackResources = [] } = await resourcesOf('acme-video-dev-base-home');
    outputs.RevocationsFunction =
      StackResources.find(({ LogicalResourceId }) => LogicalResourceId === 'RevocationsFunction')?.PhysicalResourceId ??
      '';
    edge = edgeOf({
      endpoint: emulator.endpoint,
      project,
      environment: 'dev',
      account: ACCOUNT,
      keyValueStoreArn: outputs.KeyValueStoreArn ?? '',
      ruleGroupArn: outputs.RuleGroupArn ?? '',
    });
  }

  async function resourcesOf(StackName: string) {
    return new CloudFormationClient(home()).send(new DescribeStackResourcesCommand({ StackName }));
  }

  beforeAll(async () => {
    emulator = await startMinistack();
    project = makeProject(emulator);
    project.configure((config) => config.setIn(['environments', 'dev', 'modules', 'base', 'revocation', 'waf'], true));
    await project.bootstrap('dev');
    await project.generate('dev');
    await deploy();
  }, 60_000);
  afterAll(async () => {
    project?.remove();
    await emulator?.stop();
  });

  it('has keys from the start, which stand in no template, parameter, output, event or log', async () => {
    expect(await states()).toEqual(['signing', 'spare']);
    // The first key signs once every edge location may know it.
    await expect(issue()).rejects.toThrow(/may not sign yet/);
    pass(600);
    const { path, session } = await issue();
    expect(await edge.ask(path, now())).toBe('pass /live/one/index.m3u8');
    expect(session).toMatch(/^[\w-]{22}$/);
    expect(
      await edge.ask(
        path.replace(/.(?=\/live)/, (last) => (last === 'A' ? 'B' : 'A')),
        now(),
      ),
    ).toMatch(/^401 /);
    const { keys } = parseKeyRecord(await secret('key-record'));
    const secrets = keys.flatMap((key) => (key.state === 'gone' ? [] : [key.sign, key.bind]));
    expect(secrets).toHaveLength(4);
    const told = [await toldByCloudFormation(), (await logged(emulator)).join('\n')].join('\n');
    expect(told).toContain('FirstKeys');
    expect(told).toContain('"message":"keys"');
    for (const text of secrets) expect(told).not.toContain(text);
  });

  it('rotates through the workflow, and refuses nobody for it', async () => {
    const before = await issue();
    const from = (await edge.state()).keys.map(({ kid }) => kid);
    const answer = await edgepass<KeysAnswer & { ended: boolean }>('keys', 'rotate', '--now');
    expect([answer.ended, answer.signing]).toEqual([true, from[1]]);
    expect(await states()).toEqual(['retiring', 'signing', 'spare']);
    const after = await issue();
    for (const { path } of [before, after]) expect(await edge.ask(path, now())).toBe('pass /live/one/index.m3u8');
    expect((await edge.state()).keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining(from));
  });

  it('waits in the workflow until every edge location knows the key that is to sign', async () => {
    const [, second = '', third = ''] = parseKeyRecord(await secret('key-record')).keys.map(({ kid }) => kid);
    const waiting = edgepass<KeysAnswer>('keys', 'rotate', '--now');
    // The workflow's wait is over at once here; what it then meets is the refusal of the function, whose clock says otherwise.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(parseKeyRecord(await secret('key-record')).keys.find(({ state }) => state === 'signing')?.kid).toBe(second);
    pass(600);
    expect((await waiting).signing).toBe(third);
  });

  it('lets a run do what is due, and nothing else', async () => {
    const record = digest(await secret('key-record'));
    await edgepass('keys', 'rotate');
    expect(digest(await secret('key-record'))).toBe(record);
  });

  it('brings a revocation to the store and to AWS WAF, and takes it back', async () => {
    const { path, session } = await issue();
    emulator.calls();
    await edgepass('revoke', session, '--reason', 'shared');
    await follows(async () => expect(await edge.rules()).toEqual([session]));
    expect(await edge.revoked()).toEqual([revocationKey(session)]);
    expect(await edge.ask(path, now())).toBe('410 session_revoked');
    const listed = await edgepass<{ rows: object[] }>('sessions', 'list');
    expect(listed.rows).toMatchObject([{ session, state: 'revoked', type: 'manual', reason: 'shared' }]);
    await edgepass('unrevoke', session);
    await follows(async () => expect(await edge.rules()).toEqual([]));
    expect(await edge.revoked()).toEqual([]);
    expect(await edge.ask(path, now())).toBe('pass /live/one/index.m3u8');
  });

  it('puts aside what it does not understand, and goes on', async () => {
    const { session } = await issue();
    const tables = new DynamoDBClient(home());
    await tables.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'short' } } }));
    await edgepass('revoke', session);
    await follows(async () => expect(await edge.revoked()).toEqual([revocationKey(session)]));
    const queue = new SQSClient({ ...home(), useQueueUrlAsEndpoint: false });
    const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl: outputs.DeadLettersUrl ?? '' }));
    expect(Messages.map(({ Body }) => JSON.parse(Body ?? '{}'))).toMatchObject([{ because: expect.any(String) }]);
    await edgepass('unrevoke', session);
    await follows(async () => expect(await edge.revoked()).toEqual([]));
  });

  it('brings 10,000 revocations with one write for 50 of them', async () => {
    const sessions = Array.from({ length: 10_000 }, (_, n) => `many-${String(n).padStart(17, '0')}`);
    writeFileSync(join(project.folder, 'sessions.txt'), sessions.join('\n'));
    emulator.calls();
    await edgepass('revoke', '--file', 'sessions.txt');
    await follows(async () => expect(await edge.revoked()).toHaveLength(10_000));
    const calls = emulator.calls();
    const writes = calls.filter((call) => /^POST \/key-value-stores\/[^/]+\/keys/.test(call));
    expect(writes.length).toBeGreaterThanOrEqual(200);
    expect(writes.length).toBeLessThanOrEqual(200 * 1.05);
    process.stdout.write(`10,000 revocations on the emulator: ${writes.length} writes, ${calls.length} calls in all\n`);
    const { path } = await issue(sessions[4_711]);
    expect(await edge.ask(path, now())).toBe('410 session_revoked');
  }, 120_000);

  it('keeps keys and revocations when it is deployed again', async () => {
    const { path, session } = await issue();
    await edgepass('revoke', session);
    await follows(async () => expect(await edge.revoked()).toHaveLength(10_001));
    // Written after the store.
    await follows(async () => expect(await edge.rules()).toContain(session));
    const before = await content();
    project.configure((config) => config.setIn(['modules', 'base', 'edge', 'log'], 'all'));
    await project.generate('dev');
    await deploy();
    expect(await content()).toEqual(before);
    expect(await edge.ask(path, now())).toBe('410 session_revoked');
  });

  it('rebuilds the edge from nothing', async () => {
    const before = await content();
    await emptyStore();
    expect((await edge.store()).size).toBe(0);
    await edgepass('keys', 'rotate');
    await scheduled('reconcile');
    expect(await content()).toEqual(before);
  }, 120_000);

  it('refuses to do anything with a key record that was edited into nonsense, and leaves the edge as it is', async () => {
    const record = await secret('key-record');
    const { state } = await content();
    const secrets = new SecretsManagerClient(home());
    const SecretId = 'edgepass/acme-video/dev/key-record';
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: `${record} x` }));
    const ran = await project.json('dev', 'keys', 'rotate', '--now');
    // ministack hands on no names of errors, by which the command would know this one: EP7902.
    expect([ran.code, ran.diagnostics.map(({ code }) => code)]).toEqual([4, ['EP7903']]);
    expect(ran.diagnostics[0]?.message).toContain('key record: not JSON');
    expect(JSON.stringify(ran)).not.toMatch(/[\w-]{43}/);
    expect((await content()).state).toBe(state);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: record }));
    await edgepass('keys', 'rotate');
  });

  it('voids what was issued before a time, and lets a mode stand in for another', async () => {
    // The command's clock is the real one. The signing key could not sign then yet, which is nothing to the edge.
    const real = now() - ahead;
    const early = await issueEarly(real - 60);
    await edgepass('void', '--before', 'now', '--yes');
    const { voidBefore } = await edge.state();
    expect(Math.abs(voidBefore - real)).toBeLessThan(60);
    expect(await edge.ask(early.path, real)).toBe('410 token_voided');
    expect(await edge.ask((await issue()).path, now())).toBe('pass /live/one/index.m3u8');
    await edgepass('mode', 'report', '--until', '1d', '--yes');
    expect(await edge.ask('/live/one/index.m3u8', now())).toBe('pass /live/one/index.m3u8');
    await edgepass('mode', 'off');
    expect(await edge.ask('/live/one/index.m3u8', now())).toBe('401 token_missing');
  });

  it('takes a leaked key away at once', async () => {
    pass(600);
    const { path } = await issue();
    const { signing } = await edgepass<KeysAnswer>('keys', 'list');
    const answer = await edgepass<KeysAnswer>('keys', 'kill', signing, '--confirm', signing);
    expect(answer.signing).not.toBe(signing);
    expect(await edge.ask(path, now())).toBe('401 key_unknown');
    expect(await edge.ask((await issue()).path, now())).toBe('pass /live/one/index.m3u8');
  });

  it('rotates when it is due, and removes keys when their time is over', async () => {
    const { path } = await issue();
    const [old] = (await edge.state()).keys;
    pass(31 * DAY);
    const { signing } = await edgepass<KeysAnswer>('keys', 'rotate');
    expect(signing).not.toBe(old?.kid);
    pass(2 * DAY);
    await edgepass('keys', 'rotate');
    const { keys } = await edge.state();
    expect(keys).toHaveLength(2);
    expect(keys.map(({ kid }) => kid)).not.toContain(old?.kid);
    expect(await edge.ask(path, now() - 33 * DAY)).toBe('401 key_unknown');
  });

  it('takes away revocations that have expired', async () => {
    await scheduled('sweep');
    expect(await edge.revoked()).toEqual([]);
    // The stream tells the worker meanwhile that the rows are gone. ministack runs both at once and takes any lock token, so
    // that rules may come back which the sweep has taken away, until the last record of the stream is worked off.
    await follows(async () => expect(await edge.rules()).toEqual([]));
    const tables = new DynamoDBClient(home());
    const { Item } = await tables.send(
      new GetItemCommand({ TableName: TABLE, Key: { id: { S: `many-${'0'.repeat(17)}` } } }),
    );
    expect(Item).toBeUndefined();
  }, 120_000);

  it('has logged all the while, and no secret in it', async () => {
    // A line with one ends the run of all tests, in which it is counted.
    const lines = await logged(emulator);
    expect(lines.filter((line) => line.includes('"message":"revocations"')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => secretIn(line) !== undefined)).toHaveLength(0);
  });

  /** A token that was issued at some time, whatever the record says of when its key signs. */
  async function issueEarly(at: number) {
    const record = JSON.stringify({ ...JSON.parse(await secret('issuer-record')), signFrom: 0 });
    return edge.issue(record, { now: at });
  }

  /** What must not change, as digests: a test that fails prints what differs. */
  async function content(): Promise<Record<'record' | 'state' | 'revoked' | 'rules', string>> {
    const keys = await edge.store();
    return {
      record: digest(await secret('key-record')),
      state: digest(keys.get(STATE_KEY) ?? ''),
      revoked: digest((await edge.revoked()).join()),
      rules: digest((await edge.rules()).join()),
    };
  }

  /** Stacks with parameters and outputs, and all events. */
  async function toldByCloudFormation(): Promise<string> {
    const told: unknown[] = [];
    for (const [region, stack] of [
      [EDGE, 'acme-video-dev-base-edge'],
      [HOME, 'acme-video-dev-base-home'],
    ] as const) {
      const client = new CloudFormationClient(clientOf(emulator, { account: ACCOUNT, region }));
      const asked = { StackName: stack };
      told.push((await client.send(new DescribeStacksCommand(asked))).Stacks);
      told.push((await client.send(new DescribeStackEventsCommand(asked))).StackEvents);
      told.push((await client.send(new GetTemplateCommand(asked))).TemplateBody);
    }
    return JSON.stringify(told);
  }

  async function emptyStore(): Promise<void> {
    const credential = `X-Amz-Credential=${ACCOUNT}/20260101/us-east-1/cloudfront-keyvaluestore/aws4_request`;
    const at = `${emulator.endpoint}/key-value-stores/${encodeURIComponent(outputs.KeyValueStoreArn ?? '')}`;
    const keys = [...(await edge.store()).keys()];
    for (let i = 0; i < keys.length; i += 50) {
      const etag = (await fetch(`${at}?${credential}`)).headers.get('etag') ?? '';
      const answer = await fetch(`${at}/keys?${credential}`, {
        method: 'POST',
        headers: { 'if-match': etag, 'content-type': 'application/json' },
        body: JSON.stringify({ Deletes: keys.slice(i, i + 50).map((Key) => ({ Key })) }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }
  }
});
