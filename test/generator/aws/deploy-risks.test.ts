/** What deploy refuses unless it is allowed by name, what was reviewed, and who else is at work. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import type { DeployReport } from '../../../generator/aws/deploy.ts';
import type { PreviewReport } from '../../../generator/aws/preview-report.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { ACCOUNT, type Deployment, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const PREVIEW = ['preview', '--env', 'dev', '--json'];
const LOCK = 'locks/acme/dev.json';
const BUCKET = `edgepass-artifacts-${ACCOUNT}-${HOME}`;

type Result = DeployReport & { diagnostics: Diagnostic[] };

const result = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);
const changed = ({ aws }: Deployment): string[] =>
  aws.calls.map(({ operation }) => operation).filter((name) => /^Execute|^DeleteStack/.test(name));

describe('risks', () => {
  it('refuses to replace a table, and does it when allowed', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ tableKey: 'token' });
    const ran = await made.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302', 'EP7305']]);
    expect(result(ran).diagnostics[0]).toMatchObject({ hint: expect.stringContaining('--allow replace-state') });
    expect(result(ran).diagnostics[0]?.message).toContain('Revocations');
    expect(changed(made)).toEqual([]);
    const allowed = await made.run([...DEPLOY, '--allow', 'replace-state']);
    expect(allowed.code).toBe(0);
    expect(changed(made)).toEqual(['ExecuteChangeSet']);
  });

  it('refuses to take a table out of its stack before anything is asked of AWS', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ table: false });
    const ran = await made.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
    expect(result(ran).diagnostics[0]?.hint).toContain('remove-state');
    expect(made.operations()).not.toContain('cloudformation:CreateChangeSet');
  });

  it('refuses wider permissions in a protected environment only', async () => {
    const wider = { actions: ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'] };
    const open = await deployment();
    await open.must(DEPLOY);
    await open.output(wider);
    expect((await open.run(DEPLOY)).code).toBe(0);
    const closed = await deployment({ protected: true });
    await closed.must(DEPLOY);
    await closed.output({ ...wider, protected: true });
    const ran = await closed.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
    expect((await closed.run([...DEPLOY, '--allow', 'widen-permissions'])).code).toBe(0);
  });

  it('keeps what the running product wrote, and refuses a template that would undo it', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    const edge = made.aws.cloudformation(EDGE);
    edge.touch('acme-dev-base-edge', 'RevocationRules', '/Rules/0/Name', 'session-4711');
    const live = (): unknown => edge.live('acme-dev-base-edge', 'RevocationRules')?.Rules;
    await made.output({ rules: 'other words' });
    expect((await made.run(DEPLOY)).code).toBe(0);
    expect(JSON.stringify(live())).toContain('session-4711');
    await made.output({ rules: 'other words', ownedRules: 'mine' });
    const ran = await made.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
    expect(result(ran).diagnostics[0]?.message).toContain('The revocation worker writes the rules.');
    expect(JSON.stringify(live())).toContain('session-4711');
    expect((await made.run([...DEPLOY, '--allow', 'runtime-owned'])).code).toBe(0);
    expect(JSON.stringify(live())).toContain('mine');
  });

  it("leaves somebody else's change set alone", async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    const client = new CloudFormationClient({
      endpoint: made.aws.endpoint,
      region: EDGE,
      credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' },
    });
    await client.send(
      new CreateChangeSetCommand({
        StackName: 'acme-dev-base-edge',
        ChangeSetName: 'hers',
        TemplateBody: '{"Resources": {"Note": {"Type": "AWS::SNS::Topic"}}}',
      }),
    );
    const theirs = (): unknown[] =>
      made.aws
        .cloudformation(EDGE)
        .get('acme-dev-base-edge')
        .changeSets.filter(({ name }) => name === 'hers');
    await made.output({ rules: 'other' });
    const ran = await made.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302', 'EP7305']]);
    expect(result(ran).diagnostics[0]?.message).toContain('hers');
    expect([theirs().length, changed(made)]).toEqual([1, []]);
    expect((await made.run([...DEPLOY, '--allow', 'other-change-set'])).code).toBe(0);
  });

  it('takes only names of risks', async () => {
    const made = await deployment();
    expect((await made.run([...DEPLOY, '--allow', 'everything'])).code).toBe(2);
  });
});

describe('--plan', () => {
  it('deploys what was reviewed, by digest or by report', async () => {
    const made = await deployment();
    const previewed = await made.run(PREVIEW);
    const report = JSON.parse(previewed.stdout) as PreviewReport;
    const plan = report.environments[0]?.plan ?? '';
    await made.must(['deploy', '--env', 'dev', '--json', '--plan', plan.slice(0, 12)]);
    await made.output({ rules: 'other' });
    await writeFile(join(made.folder, 'plan.json'), (await made.run(PREVIEW)).stdout);
    const ran = await made.run(['deploy', '--env', 'dev', '--json', '--plan', 'plan.json']);
    expect(ran.code).toBe(0);
    expect(result(ran).stacks[0]?.outcome).toBe('updated');
  });

  it('refuses when the output or AWS is not what was reviewed', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ rules: 'one' });
    await writeFile(join(made.folder, 'plan.json'), (await made.run(PREVIEW)).stdout);
    await made.output({ rules: 'two' });
    const other = await made.run(['deploy', '--env', 'dev', '--json', '--plan', 'plan.json']);
    expect([other.code, codes(other)]).toEqual([1, ['EP7303']]);
    const digest = JSON.parse((await made.run(PREVIEW)).stdout).environments[0].plan as string;
    await made.must(DEPLOY);
    await made.output({ rules: 'two', topic: 'x' });
    const moved = await made.run(['deploy', '--env', 'dev', '--json', '--plan', digest]);
    expect([moved.code, codes(moved)]).toEqual([1, ['EP7303']]);
    expect(changed(made)).toEqual([]);
  });

  it('goes on with the same digest after a part was deployed', async () => {
    const made = await deployment();
    const { plan } = JSON.parse((await made.run(PREVIEW)).stdout).environments[0] as { plan: string };
    const WITH_PLAN = ['deploy', '--env', 'dev', '--json', '--plan', plan];
    made.aws.cloudformation(HOME).failValidation({
      stack: 'acme-dev-base-home',
      resource: 'Marker',
      path: '/Resources/Marker',
      reason: 'not now',
    });
    expect(codes(await made.run(WITH_PLAN))).toEqual(['EP7202', 'EP7305']);
    const again = await made.run(WITH_PLAN);
    expect(result(again).stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'created', 'created']);
  });

  it('is a digest or a file', async () => {
    const made = await deployment();
    expect((await made.run(['deploy', '--env', 'dev', '--plan', 'nothing.json'])).code).toBe(2);
    const others = ['{', 'null', '[]', '{"environments": []}', '{"environments": {}}', '{"environments": [null]}'];
    for (const text of [...others, '{"environments": [{"name": "dev"}]}']) {
      await writeFile(join(made.folder, 'plan.json'), text);
      expect((await made.run(['deploy', '--env', 'dev', '--plan', 'plan.json'])).code).toBe(2);
    }
  });
});

describe('the lock', () => {
  const held = (expires: string): string =>
    JSON.stringify({ who: 'grace@elsewhere', command: 'deploy', since: '2026-11-24T11:59:00.000Z', expires });
  const put = ({ aws }: Deployment, text: string): void => {
    aws.s3.buckets
      .get(BUCKET)
      ?.objects.set(LOCK, { body: Buffer.from(text), etag: '"held"', modified: new Date(), headers: {} });
  };

  it('excludes a second deployment and says who is at work', async () => {
    const made = await deployment();
    put(made, held('2026-11-24T12:01:00.000Z'));
    const ran = await made.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7021']]);
    expect(result(ran).diagnostics[0]?.message).toContain('grace@elsewhere');
    expect(made.aws.cloudformation(HOME).stacks).toEqual([]);
    expect(made.aws.s3.buckets.get(BUCKET)?.objects.get(LOCK)?.etag).toBe('"held"');
  });

  it('is taken over when it has expired, and given back', async () => {
    const made = await deployment();
    put(made, held('2026-11-24T11:59:30.000Z'));
    expect((await made.run(DEPLOY)).code).toBe(0);
    expect(made.aws.s3.buckets.get(BUCKET)?.objects.has(LOCK)).toBe(false);
  });

  it('is not asked for where nothing changes', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    put(made, held('2026-11-24T23:00:00.000Z'));
    expect((await made.run(DEPLOY)).code).toBe(0);
  });

  it('stops the work when somebody took it over, and is left to them', async () => {
    const made = await deployment({}, { stepsPerPoll: 1 });
    let polls = 0;
    const clock = {
      now: made.clock.now,
      sleep: async () => {
        await made.clock.sleep(20_000);
        if (++polls === 2) put(made, held('2026-11-24T23:00:00.000Z'));
      },
    };
    const ran = await made.run(DEPLOY, { clock });
    expect(ran.code).toBe(4);
    expect(codes(ran)).toContain('EP7022');
    expect(made.aws.s3.buckets.get(BUCKET)?.objects.get(LOCK)?.etag).toBe('"held"');
  });

  it('is not lost with the answer of AWS', async () => {
    const made = await deployment();
    made.aws.faults.add({ service: 's3', operation: 'PutObject', when: 'after', error: 'reset', times: 1 });
    made.aws.faults.add({
      service: 'cloudformation',
      operation: 'CreateChangeSet',
      when: 'after',
      error: 'reset',
      times: 1,
    });
    expect((await made.run(DEPLOY)).code).toBe(0);
  });

  it('is renewed while the work goes on', async () => {
    const made = await deployment({}, { stepsPerPoll: 1 });
    const clock = { now: made.clock.now, sleep: () => made.clock.sleep(20_000) };
    expect((await made.run(DEPLOY, { clock })).code).toBe(0);
    const puts = made.aws.calls.filter(({ input }) => (input as { Key?: string }).Key === LOCK);
    expect(puts.length).toBeGreaterThan(3);
  });
});
