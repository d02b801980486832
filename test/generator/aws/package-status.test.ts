import { describe, expect, it } from 'vitest';
import { uploadsOf } from '../../../generator/aws/package.ts';
import type { StatusReport } from '../../../generator/aws/status.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { ACCOUNT, deployment, HOME } from '../../helpers/deployment.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const PACKAGE = ['package', '--env', 'dev', '--json'];

describe('package', () => {
  it('uploads by digest, each thing once', async () => {
    const made = await deployment();
    const { manifest } = await made.output();
    const first = JSON.parse((await made.run(PACKAGE)).stdout);
    const bucket = `s3://edgepass-artifacts-${ACCOUNT}-${HOME}`;
    expect(first.uploaded).toContain(`${bucket}/functions/${manifest.functions[0]?.sha256}.zip`);
    expect(first.uploaded).toContain(`${bucket}/manifests/acme/dev/${manifest.digest}.json`);
    // Three templates, one function, the manifest.
    expect([first.uploaded.length, first.present.length]).toEqual([5, 0]);
    made.aws.calls.length = 0;
    const second = JSON.parse((await made.run(PACKAGE)).stdout);
    expect([second.uploaded.length, second.present.length]).toEqual([0, 5]);
    expect(made.operations()).not.toContain('s3:PutObject');
  });

  it('uploads sites like functions, and no text of an edge function', async () => {
    const { manifest, files } = await (await deployment()).output();
    const [first] = manifest.functions;
    const kinds = (['lambda', 'site', 'edge-function'] as const).map((kind) => {
      const functions = manifest.functions.map((fn) => ({ ...fn, kind }));
      const keys = uploadsOf({ manifest: { ...manifest, functions }, files, shown: '' }).map(({ key }) => key);
      return keys.includes(`functions/${first?.sha256}.zip`);
    });
    expect(kinds).toEqual([true, true, false]);
  });

  it('does not mind that somebody else uploads the same at the same time', async () => {
    const made = await deployment();
    const [one, other] = await Promise.all([made.run(PACKAGE), made.run(PACKAGE)]);
    expect([one.code, other.code]).toEqual([0, 0]);
  });

  it('names the bucket that is missing, and how to make it', async () => {
    const made = await deployment({}, { buckets: false });
    const ran = await made.run(['package', '--env', 'dev']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/EP7101 .*edgepass-artifacts-111111111111-.*\n {2}hint: .*edgepass bootstrap/);
  });

  it('names the environment only when there is one', async () => {
    const made = await deployment();
    expect((await made.run(['package'])).code).toBe(0);
    const tree = await made.output();
    await made.output({ ...tree, environment: 'prod' });
    const ran = await made.run(['package']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--env dev, --env prod');
  });
});

describe('status', () => {
  const report = async (made: Awaited<ReturnType<typeof deployment>>): Promise<StatusReport> =>
    JSON.parse((await made.run(['status', '--env', 'dev', '--json'])).stdout) as StatusReport;

  it('shows what stands, what was deployed, and what is here', async () => {
    const made = await deployment();
    expect((await report(made)).stacks.map(({ status }) => status)).toEqual(Array(3).fill('not deployed'));
    const { manifest } = await made.output();
    await made.must(DEPLOY);
    const found = await report(made);
    expect(found).toMatchObject({ local: manifest.digest, deployed: { manifest: manifest.digest } });
    expect(found.stacks[1]).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { MarkerName: '/acme/dev/home' } });
    const text = (await made.run(['status', '--env', 'dev'])).stdout;
    expect(text).toContain('which is the local output');
    expect(text).toContain('MarkerName /acme/dev/home');
  });

  it('says what has to be done, and who is at work', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    made.aws.cloudformation(HOME).get('acme-dev-base-home').status = 'UPDATE_ROLLBACK_FAILED';
    const content = { id: 'x', who: 'grace', command: 'deploy', since: 'now', expires: '2027-01-01T00:00:00.000Z' };
    made.aws.s3.buckets.get(`edgepass-artifacts-${ACCOUNT}-${HOME}`)?.objects.set('locks/acme/dev.json', {
      body: Buffer.from(JSON.stringify(content)),
      etag: '"x"',
      modified: new Date(),
      headers: {},
    });
    const found = await report(made);
    expect(found.stacks[1]?.advice).toContain('continue-update-rollback');
    expect(found.lock?.who).toBe('grace');
  });

  it('shows the stacks also when the bucket cannot be read', async () => {
    const made = await deployment({}, { buckets: false });
    const ran = await made.run(['status', '--env', 'dev', '--json']);
    expect(ran.code).toBe(0);
    expect((JSON.parse(ran.stdout) as { diagnostics: Diagnostic[] }).diagnostics).toEqual([]);
  });
});

describe('the progress of a deployment', () => {
  it('is lines that are only added in a pipeline, each event once', async () => {
    const made = await deployment({}, { stepsPerPoll: 1 });
    const { stderr } = await made.run(['deploy', '--env', 'dev', '--yes']);
    expect(stderr).not.toContain('\u001b');
    const created = stderr.split('\n').filter((line) => line.includes('CREATE_COMPLETE  Marker'));
    expect(created).toHaveLength(1);
    expect(stderr).toMatch(/base\.worker {2}done {2}created\n$/);
  });

  it('is redrawn at a terminal, after the question', async () => {
    const made = await deployment();
    const questions: string[] = [];
    const ask = async (question: string): Promise<string> => {
      questions.push(question);
      return 'yes';
    };
    const ran = await made.run(['deploy', '--env', 'dev'], { terminal: { columns: 100, ask } });
    expect([ran.code, questions]).toEqual([0, ['Deploy to dev? (yes) ']]);
    expect(ran.stderr).toContain('+ base.edge acme-dev-base-edge, us-east-1 new stack');
    expect(ran.stderr).toContain('\u001b[3A');
    expect(ran.stderr.split('\u001b[2K').slice(-3).join('')).toMatch(
      /✔ base\.edge .*\n✔ base\.home .*\n✔ base\.worker .*created/,
    );
  });
});
