import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { ACCOUNT, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const codes = ({ stdout }: Ran): string[] =>
  (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics.map(({ code }) => code);

describe('rollback', () => {
  it('lists what was deployed, newest first, and deploys the earlier again', async () => {
    const made = await deployment({ code: 'exports.handler = async () => 1;' });
    const first = await made.output({ code: 'exports.handler = async () => 1;' });
    await made.must(DEPLOY);
    await made.clock.sleep(60_000);
    const second = await made.output({ rules: 'second', code: 'exports.handler = async () => 2;' });
    await made.must(DEPLOY);
    const listed = JSON.parse((await made.run(['rollback', '--env', 'dev', '--json'])).stdout);
    expect(listed.deployments.map(({ manifest }: { manifest: string }) => manifest)).toEqual([
      second.manifest.digest,
      first.manifest.digest,
    ]);
    expect(made.operations()).not.toContain('cloudformation:CreateChangeSet');
    await made.clock.sleep(60_000);
    const to = first.manifest.digest.slice(0, 10);
    const ran = await made.run(['rollback', '--env', 'dev', '--to', to, '--yes', '--json']);
    expect(ran.code).toBe(0);
    expect(made.aws.cloudformation(EDGE).live('acme-dev-base-edge', 'RevocationRules')?.Description).toBe(
      'revoked sessions',
    );
    const code = JSON.stringify(made.aws.cloudformation(HOME).live('acme-dev-base-worker', 'Worker')?.Code);
    expect(code).toContain(first.manifest.functions[0]?.sha256);
    const status = JSON.parse((await made.run(['status', '--env', 'dev', '--json'])).stdout);
    expect(status.deployed.manifest).toBe(first.manifest.digest);
    expect(status.local).toBe(second.manifest.digest);
  });

  it('goes the way of a deployment: asks, and is refused what is risky', async () => {
    const made = await deployment({ tableKey: 'token' });
    const { manifest } = await made.output({ tableKey: 'token' });
    await made.must(DEPLOY);
    await made.output({});
    await made.must([...DEPLOY, '--allow', 'replace-state']);
    const asked = await made.run(['rollback', '--env', 'dev', '--to', manifest.digest, '--json']);
    expect([asked.code, codes(asked)]).toEqual([1, ['EP7024']]);
    const risky = await made.run(['rollback', '--env', 'dev', '--to', manifest.digest, '--yes', '--json']);
    expect([risky.code, codes(risky)]).toEqual([1, ['EP7302', 'EP7305']]);
  });

  it('says what is not on record, and what is no longer there', async () => {
    const made = await deployment();
    const { manifest } = await made.output();
    await made.must(DEPLOY);
    const unknown = await made.run(['rollback', '--env', 'dev', '--to', '1234567', '--json']);
    expect([unknown.code, codes(unknown)]).toEqual([1, ['EP7511']]);
    const objects = made.aws.s3.buckets.get(`edgepass-artifacts-${ACCOUNT}-${HOME}`)?.objects;
    for (const key of objects?.keys() ?? []) if (key.includes('base-home')) objects?.delete(key);
    const gone = await made.run(['rollback', '--env', 'dev', '--to', manifest.digest, '--json']);
    expect([gone.code, codes(gone)]).toEqual([1, ['EP7512']]);
    expect((await made.run(['rollback', '--env', 'dev', '--to', 'yesterday'])).code).toBe(2);
  });

  it('deploys no other manifest that lies in the place of one', async () => {
    const made = await deployment();
    const { manifest } = await made.output();
    await made.must(DEPLOY);
    await made.clock.sleep(60_000);
    const second = await made.output({ rules: 'second' });
    await made.must(DEPLOY);
    const objects = made.aws.s3.buckets.get(`edgepass-artifacts-${ACCOUNT}-${HOME}`)?.objects ?? new Map();
    const key = (digest: string): string => [...objects.keys()].find((name) => name.endsWith(`${digest}.json`)) ?? '';
    objects.set(key(manifest.digest), objects.get(key(second.manifest.digest)));
    const ran = await made.run(['rollback', '--env', 'dev', '--to', manifest.digest, '--yes', '--json']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7512']]);
  });

  it('prints the list for people', async () => {
    const made = await deployment();
    expect((await made.run(['rollback', '--env', 'dev'])).stdout).toBe('No deployments on record.\n');
    const { manifest } = await made.output();
    await made.must(DEPLOY);
    expect((await made.run(['rollback', '--env', 'dev'])).stdout).toContain(`Z  ${manifest.digest.slice(0, 12)}\n`);
  });
});
