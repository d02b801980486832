/** Taking up what was kept, where it is cut off or fails, and where a stack gets something back. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../generator/output/manifest.ts';
import { DENIED } from '../../helpers/aws/faults.ts';
import { ACCOUNT, type Deployment, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import {
  codes,
  DEPLOY,
  destroyed,
  holdings,
  imported,
  outcomes,
  PREVIEW,
  previewed,
  result,
  STACK,
  sdk,
} from './kept-world.ts';

describe('a deployment that takes things up and does not come to its end', () => {
  const home = (one: Deployment) => one.aws.cloudformation(HOME).get(STACK);
  const cutWhen = (one: Deployment, met: () => boolean) => {
    const cut = new AbortController();
    const clock = {
      now: () => one.clock.now(),
      sleep: async (ms: number) => {
        await one.clock.sleep(ms);
        if (met()) cut.abort();
      },
    };
    return { interrupted: cut.signal, clock };
  };

  it('goes on after a cut during the import, with the reviewed plan', async () => {
    const one = await destroyed({}, { stepsPerPoll: 1 });
    const before = holdings(one);
    await writeFile(join(one.folder, 'plan.json'), (await one.run(PREVIEW)).stdout);
    const WITH_PLAN = ['deploy', '--env', 'dev', '--json', '--plan', 'plan.json'];
    const status = () => one.aws.cloudformation(HOME).find(STACK)?.status;
    const first = await one.run(
      WITH_PLAN,
      cutWhen(one, () => status() === 'IMPORT_IN_PROGRESS'),
    );
    expect([codes(first)[0], status()]).toEqual(['EP7023', 'IMPORT_IN_PROGRESS']);
    one.aws.options.stepsPerPoll = Number.POSITIVE_INFINITY;
    const second = await one.run(WITH_PLAN);
    expect([second.code, outcomes(second)[1], status()]).toEqual([0, 'base.home updated', 'UPDATE_COMPLETE']);
    expect(holdings(one)).toEqual(before);
  });

  it('goes on after a cut between import and update, and shows what is left', async () => {
    const one = await destroyed({}, { stepsPerPoll: 1 });
    const before = holdings(one);
    const status = () => one.aws.cloudformation(HOME).find(STACK)?.status;
    const first = await one.run(
      DEPLOY,
      cutWhen(one, () => status() === 'IMPORT_COMPLETE'),
    );
    expect([codes(first)[0], status()]).toEqual(['EP7023', 'IMPORT_COMPLETE']);
    one.aws.options.stepsPerPoll = Number.POSITIVE_INFINITY;
    const preview = await one.run(PREVIEW);
    expect([preview.code, imported(preview)]).toEqual([0, []]);
    expect(previewed(preview)?.stacks[1]).toMatchObject({
      action: 'update',
      status: 'IMPORT_COMPLETE',
      source: 'both',
    });
    const second = await one.run(DEPLOY);
    expect([second.code, outcomes(second)[1]]).toEqual([0, 'base.home updated']);
    expect(holdings(one)).toEqual(before);
    expect((await one.run(['drift', '--env', 'dev', '--fail-on-drift'])).code).toBe(0);
  });

  it('goes on where a change set was made and never executed', async () => {
    const one = await destroyed();
    const before = holdings(one);
    one.aws.faults.add({ operation: 'ExecuteChangeSet', region: HOME, error: DENIED });
    const first = await one.run(DEPLOY);
    expect([codes(first)[0], home(one).status]).toEqual(['EP7014', 'REVIEW_IN_PROGRESS']);
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home created Rows KeyRecord');
    expect(holdings(one)).toEqual(before);
  });

  it('says what to do when the import fails; everything kept is still there', async () => {
    const one = await destroyed();
    const before = holdings(one);
    one.aws.cloudformation(HOME).failNext({ stack: STACK, resource: 'Rows', phase: 'import', reason: 'Rate exceeded' });
    const ran = await one.run(DEPLOY);
    expect([codes(ran)[0], home(one).status]).toEqual(['EP7301', 'ROLLBACK_COMPLETE']);
    const hint = result(ran).diagnostics[0]?.hint ?? '';
    expect(hint).toMatch(/asked too often.*aws cloudformation delete-stack --stack-name acme-dev-base-home/);
    expect(holdings(one)).toEqual(before);
    const { cloudFormation } = sdk(one);
    await cloudFormation.send(new DeleteStackCommand({ StackName: STACK }));
    one.aws.cloudformation(HOME).settle(STACK);
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home created Rows KeyRecord');
    expect(holdings(one)).toEqual(before);
  });

  it('stops before anything uses a value that AWS made anew, and says how to bring the former back', async () => {
    const one = await destroyed();
    const before = holdings(one);
    one.aws.secrets.regeneratesOnImport = true;
    const ran = await one.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7309', 'EP7305']]);
    expect(one.aws.cloudformation(EDGE).get('acme-dev-base-edge').status).toBe('IMPORT_COMPLETE');
    const command = /`aws secretsmanager (update-secret-version-stage .*?)`/.exec(
      result(ran).diagnostics[0]?.hint ?? '',
    );
    const given = Object.fromEntries(
      [...(command?.[1] ?? '').matchAll(/--([a-z-]+) (\S+)/g)].map(([, key, value]) => [key, value]),
    );
    one.aws.secrets.call(
      'UpdateSecretVersionStage',
      {
        SecretId: given['secret-id'],
        VersionStage: given['version-stage'],
        MoveToVersionId: given['move-to-version-id'],
        RemoveFromVersionId: given['remove-from-version-id'],
      } as never,
      { account: ACCOUNT, region: String(given.region) },
    );
    expect((await one.run(DEPLOY)).code).toBe(0);
    expect(holdings(one).verify).toBe(before.verify);
  });

  it('keeps what was taken up when the update fails, and goes on with the next deploy', async () => {
    const one = await destroyed();
    const before = holdings(one);
    one.aws
      .cloudformation(HOME)
      .failNext({ stack: STACK, resource: 'Marker', phase: 'create', reason: 'Rate exceeded' });
    const ran = await one.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7301', 'EP7305']]);
    expect(home(one).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...home(one).resources.keys()].sort()).toEqual(['KeyRecord', 'Rows']);
    expect(holdings(one)).toEqual(before);
    expect(result(ran).diagnostics[0]?.hint).toContain('The stack is UPDATE_ROLLBACK_COMPLETE');
    const again = await one.run(DEPLOY);
    expect([again.code, outcomes(again)[1]]).toEqual([0, 'base.home updated']);
    expect(holdings(one)).toEqual(before);
  });
});

describe('a resource that comes back into its stack', () => {
  it('is taken up by an update too, and nothing else changes with the import', async () => {
    const one = await deployment({ kept: 'all' });
    await one.must(DEPLOY);
    one.aws.tables.table('acme-dev-rows').set('s1', { id: { S: 's1' } });
    const before = holdings(one);
    await one.output({});
    await one.must([...DEPLOY, '--allow', 'remove-state']);
    await one.output({ kept: 'all', topic: 'other' });
    const preview = await one.run(PREVIEW);
    expect([preview.code, imported(preview).sort()]).toEqual([0, ['KeyRecord', 'Rows', 'Verify']]);
    const ran = await one.run(DEPLOY);
    expect([ran.code, outcomes(ran)]).toEqual([
      0,
      ['base.edge updated Verify', 'base.home updated Rows KeyRecord', 'base.worker updated'],
    ]);
    expect(holdings(one)).toEqual(before);
    expect(outcomes(await one.run(DEPLOY))).toEqual([
      'base.edge unchanged',
      'base.home unchanged',
      'base.worker unchanged',
    ]);
  });

  it('leaves the stack as it was when the import fails, and goes on with the next deploy', async () => {
    const one = await deployment({ kept: 'all' });
    await one.must(DEPLOY);
    await one.output({});
    await one.must([...DEPLOY, '--allow', 'remove-state']);
    await one.output({ kept: 'all' });
    const cf = one.aws.cloudformation(HOME);
    cf.failNext({ stack: STACK, resource: 'KeyRecord', phase: 'import', reason: 'Rate exceeded' });
    const ran = await one.run(DEPLOY);
    expect([codes(ran)[0], cf.get(STACK).status]).toEqual(['EP7301', 'IMPORT_ROLLBACK_COMPLETE']);
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home updated Rows KeyRecord');
  });

  it('is not one that the stack still has, under another logical id', async () => {
    const one = await deployment({ kept: 'all' });
    await one.must(DEPLOY);
    const tree = await one.output({ kept: 'all' });
    const files = new Map([...tree.files].map(([path, bytes]) => [path, renamed(path, bytes)]));
    const listed = [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), size: bytes.length }));
    const { digest: _, ...content } = { ...tree.manifest, files: listed };
    await one.output({ ...tree, files, manifest: { ...content, digest: sha256(JSON.stringify(content)) } });
    const preview = await one.run(PREVIEW);
    expect([imported(preview), previewed(preview)?.risks.map(({ kind }) => kind)]).toEqual([[], ['remove-state']]);
    expect(one.operations()).not.toContain('secretsmanager:DescribeSecret');
  });
});

function renamed(path: string, bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  return path.startsWith('base-home') ? Buffer.from(text.replace('  KeyRecord:', '  Record:')) : bytes;
}
