import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DeployReport } from '../../../generator/aws/deploy.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { EXPIRED } from '../../helpers/aws/faults.ts';
import { deployment, EDGE, HOME, lineIn } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];

type Result = DeployReport & { ok: boolean; diagnostics: Diagnostic[] };

const result = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
const outcomes = (ran: Ran): string[] => (result(ran).stacks ?? []).map(({ id, outcome }) => `${id} ${outcome}`);
const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);

describe('deploy', () => {
  it('creates the stacks in order, feeds outputs to parameters, and records it', async () => {
    const { aws, run, operations } = await deployment();
    const ran = await run(DEPLOY);
    expect(outcomes(ran)).toEqual(['base.edge created', 'base.home created', 'base.worker created']);
    expect(ran.code).toBe(0);
    const arn = aws.cloudformation(EDGE).live('acme-dev-base-edge', 'RevocationRules')?.Name;
    expect(arn).toBe('acme-dev-revocations');
    const role = JSON.stringify(aws.cloudformation(HOME).live('acme-dev-base-worker', 'WorkerRole'));
    expect(role).toContain('rulegroup/acme-dev-revocations');
    expect(operations()[0]).toBe('sts:GetCallerIdentity');
    const kept = [...(aws.s3.buckets.get('edgepass-artifacts-111111111111-eu-west-1')?.objects.keys() ?? [])];
    expect(kept.map((key) => key.split('/')[0]).sort()).toEqual([
      'deployments',
      'functions',
      'manifests',
      'templates',
      'templates',
    ]);
    // The lock is given back.
    expect(kept.some((key) => key.startsWith('locks/'))).toBe(false);
  });

  it('does nothing where nothing changed: two calls a stack and the account guard, no upload', async () => {
    const { must, run, operations } = await deployment();
    await must(DEPLOY);
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(0);
    expect(outcomes(ran)).toEqual(['base.edge unchanged', 'base.home unchanged', 'base.worker unchanged']);
    expect(operations().sort()).toEqual([
      ...Array(3).fill('cloudformation:DescribeStacks'),
      ...Array(3).fill('cloudformation:GetTemplate'),
      'sts:GetCallerIdentity',
    ]);
  });

  it('updates what changed and uploads only that', async () => {
    const { aws, output, must, run } = await deployment();
    await must(DEPLOY);
    await output({ rules: 'sessions that were revoked' });
    const ran = await run(DEPLOY);
    expect(outcomes(ran)).toEqual(['base.edge updated', 'base.home unchanged', 'base.worker unchanged']);
    expect(aws.cloudformation(EDGE).live('acme-dev-base-edge', 'RevocationRules')?.Description).toBe(
      'sessions that were revoked',
    );
    const put = aws.calls
      .filter(({ operation }) => operation === 'PutObject')
      .map(({ input }) => JSON.stringify(input));
    expect(put.filter((input) => /functions\/|base-home/.test(input))).toEqual([]);
  });

  it('names the first failure with its line, its reason and what to do, and starts nothing behind it', async () => {
    const { aws, folder, run } = await deployment();
    aws.cloudformation(HOME).failNext({
      stack: 'acme-dev-base-home',
      resource: 'Revocations',
      phase: 'create',
      reason: 'Table already exists: sessions',
    });
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(4);
    const [failure, notStarted] = result(ran).diagnostics;
    expect(failure).toMatchObject({
      code: 'EP7301',
      place: {
        file: 'out/dev/base-home.template.yaml',
        line: await lineIn(folder, 'out/dev/base-home.template.yaml', '  Revocations:'),
      },
    });
    expect(failure?.message).toContain('Table already exists: sessions');
    expect(failure?.hint).toMatch(
      /it holds nothing.*aws cloudformation delete-stack --stack-name acme-dev-base-home --region eu-west-1/,
    );
    expect(notStarted).toMatchObject({ code: 'EP7305', message: expect.stringContaining('base.worker') });
    expect(outcomes(ran)).toEqual(['base.edge created', 'base.home failed', 'base.worker not-started']);
    expect(aws.cloudformation(HOME).find('acme-dev-base-worker')).toBeUndefined();

    const again = await run(DEPLOY);
    expect(again.code).toBe(4);
    expect(codes(again)).toEqual(['EP7203']);
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('DeleteStack');
  });

  it('goes on after an update that was rolled back', async () => {
    const { aws, output, must, run } = await deployment();
    await must(DEPLOY);
    await output({ rules: 'other' });
    aws
      .cloudformation(EDGE)
      .failNext({ stack: 'acme-dev-base-edge', resource: 'RevocationRules', phase: 'update', reason: 'Rate exceeded' });
    const ran = await run(DEPLOY);
    expect(result(ran).diagnostics[0]).toMatchObject({
      code: 'EP7301',
      message: expect.stringContaining('Rate exceeded'),
    });
    expect(result(ran).diagnostics[0]?.hint).toContain('as it was before');
    expect(outcomes(await run(DEPLOY))).toEqual(['base.edge updated', 'base.home unchanged', 'base.worker unchanged']);
  });

  it('waits for what an earlier run left going on, then goes on', async () => {
    const { aws, run, operations } = await deployment({}, { stepsPerPoll: 1 });
    let polls = 0;
    const cut = new AbortController();
    const first = await run(DEPLOY, {
      interrupted: cut.signal,
      clock: {
        now: () => new Date('2026-11-24T12:00:00Z'),
        sleep: async () => {
          if (++polls > 6) cut.abort();
        },
      },
    });
    expect(codes(first)).toContain('EP7023');
    expect(aws.cloudformation(HOME).find('acme-dev-base-home')?.status).toBe('CREATE_IN_PROGRESS');
    aws.calls.length = 0;
    const second = await run(DEPLOY);
    expect(second.code).toBe(0);
    expect(outcomes(second).at(-1)).toBe('base.worker created');
    expect(operations()).toContain('cloudformation:DescribeStackEvents');
    expect(aws.calls.filter(({ operation }) => operation === 'ExecuteChangeSet').length).toBeLessThan(3);
  });

  it('survives throttling and a cut of the network', async () => {
    const { aws, run } = await deployment();
    aws.faults.add({ service: 'cloudformation', operation: 'DescribeStackEvents', error: 'reset', times: 5 });
    aws.faults.add({ service: 'cloudformation', operation: 'DescribeStacks', error: 'throttle', times: 1 });
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(0);
    expect(outcomes(ran).at(-1)).toBe('base.worker created');
  });

  it('says that the operation goes on when the network stays cut', async () => {
    const { aws, run } = await deployment();
    aws.faults.add({
      service: 'cloudformation',
      operation: 'DescribeStackEvents',
      error: 'reset',
      times: Number.POSITIVE_INFINITY,
    });
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(4);
    expect(codes(ran)).toEqual(expect.arrayContaining(['EP7304', 'EP7016']));
    expect(result(ran).diagnostics[0]?.hint).toContain('edgepass deploy --env dev');
    aws.faults.clear();
    expect(outcomes(await run(DEPLOY)).at(-1)).toBe('base.worker created');
  });

  it('goes on when the answer to the execution is lost', async () => {
    const { aws, run } = await deployment();
    aws.faults.add({
      service: 'cloudformation',
      operation: 'ExecuteChangeSet',
      when: 'after',
      error: 'reset',
      times: 1,
    });
    const ran = await run(DEPLOY);
    expect(outcomes(ran)).toEqual(['base.edge created', 'base.home created', 'base.worker created']);
  });

  it('says that AWS limits the rate after retries', async () => {
    const { aws, run } = await deployment();
    aws.faults.add({ service: 'cloudformation', error: 'throttle', times: Number.POSITIVE_INFINITY });
    const ran = await run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7015']]);
  });

  it('shows early validation with the line in the template', async () => {
    const { aws, folder, run } = await deployment();
    aws.cloudformation(HOME).failValidation({
      stack: 'acme-dev-base-home',
      resource: 'Revocations',
      path: '/Resources/Revocations/Properties/BillingMode',
      reason: 'Unknown billing mode',
    });
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(4);
    expect(result(ran).diagnostics[0]).toMatchObject({
      code: 'EP7202',
      place: { line: await lineIn(folder, 'out/dev/base-home.template.yaml', '  Revocations:') },
    });
    expect(aws.cloudformation(HOME).find('acme-dev-base-home')?.status).toBe('REVIEW_IN_PROGRESS');
    expect(outcomes(await run(DEPLOY)).slice(1)).toEqual(['base.home created', 'base.worker created']);
  });
});

describe('what deploy refuses before AWS is changed', () => {
  it('another account', async () => {
    const { aws, run, operations } = await deployment();
    const ran = await run(DEPLOY, { env: { ...aws.environment({ account: '999999999999' }), AWS_MAX_ATTEMPTS: '1' } });
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7013']]);
    expect(operations()).toEqual(['sts:GetCallerIdentity']);
  });

  it('expired credentials, without a stack trace', async () => {
    const { aws, run } = await deployment();
    aws.faults.add({ service: 'sts', error: EXPIRED, times: 5 });
    const ran = await run(['deploy', '--env', 'dev', '--yes']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/^error EP7012 The AWS credentials have expired\.\n {2}hint: Sign in again[^\n]*\n$/);
  });

  it('a denied action, naming it', async () => {
    const { aws, run } = await deployment();
    const message =
      'User: arn:aws:iam::111111111111:user/ada is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-west-1:111111111111:stack/x because no identity-based policy allows it';
    aws.faults.add({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      error: { code: 'AccessDenied', message, status: 403 },
      times: 9,
    });
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(4);
    expect(result(ran).diagnostics[0]).toMatchObject({
      code: 'EP7014',
      hint: expect.stringContaining('edgepass permissions'),
    });
    expect(result(ran).diagnostics[0]?.message).toContain('cloudformation:DescribeStacks');
  });

  it('an endpoint that is not there', async () => {
    const { run } = await deployment();
    const ran = await run(DEPLOY, {
      env: {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_MAX_ATTEMPTS: '1',
      },
    });
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7016']]);
  });

  it('an edited output file, by name', async () => {
    const { aws, folder, run } = await deployment();
    await appendFile(join(folder, 'out/dev/base-home.template.yaml'), '# mine\n');
    const ran = await run(DEPLOY);
    expect(ran.code).toBe(1);
    expect(result(ran).diagnostics).toMatchObject([
      {
        code: 'EP7002',
        place: { file: 'out/dev/base-home.template.yaml' },
        hint: expect.stringContaining('edgepass generate'),
      },
    ]);
    expect(aws.calls).toEqual([]);
  });

  it('an edited, a foreign and a missing manifest', async () => {
    const { folder, output, run } = await deployment();
    const { manifest } = await output();
    const file = join(folder, 'out/dev/manifest.json');
    await writeFile(file, JSON.stringify({ ...manifest, account: '222222222222' }));
    expect(codes(await run(DEPLOY))).toEqual(['EP7001']);
    await writeFile(file, '{"version": 1}');
    expect(codes(await run(DEPLOY))).toEqual(['EP7001']);
    await writeFile(file, 'no');
    expect(codes(await run(DEPLOY))).toEqual(['EP7001']);
    const missing = await run(['deploy', '--env', 'prod', '--yes', '--json']);
    expect([missing.code, codes(missing)]).toEqual([1, ['EP7003']]);
    expect((await run(['deploy', '--env', '../dev', '--json'])).code).toBe(1);
  });

  it('an import that no stack makes', async () => {
    const { aws, output, run } = await deployment();
    const tree = await output();
    const { outputTreeOf } = await import('../../helpers/output-tree.ts');
    const stacks = Object.fromEntries(
      tree.manifest.stacks.map((stack) => [
        stack.id,
        { ...stack, template: new TextDecoder().decode(tree.files.get(stack.template)), outputs: {} },
      ]),
    );
    await output(outputTreeOf({ manifest: { account: '111111111111' }, stacks }));
    const ran = await run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7204', 'EP7204']]);
    expect(aws.calls).toEqual([]);
  });

  it('no confirmation', async () => {
    const { aws, run } = await deployment();
    const ran = await run(['deploy', '--env', 'dev', '--json']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7024']]);
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return 'no';
    };
    const no = await run(['deploy', '--env', 'dev', '--json'], { terminal: { columns: 80, ask } });
    expect([no.code, codes(no), asked.length]).toEqual([1, ['EP7306'], 1]);
    expect(aws.calls.every(({ operation }) => /^(Get|Describe)/.test(operation))).toBe(true);
  });

  it('a missing artifact bucket', async () => {
    const { aws, run } = await deployment({}, { buckets: false });
    const ran = await run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7101']]);
    expect(result(ran).diagnostics[0]?.hint).toContain('edgepass bootstrap');
    expect(aws.cloudformation(HOME).stacks).toEqual([]);
  });
});
