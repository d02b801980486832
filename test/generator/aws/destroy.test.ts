import { describe, expect, it } from 'vitest';
import type { Destroyed } from '../../../generator/aws/destroy.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { type Deployment, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const DESTROY = ['destroy', '--env', 'dev', '--json'];

type Result = Destroyed & { diagnostics: Diagnostic[] };

const result = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);
const deleted = ({ aws }: Deployment): unknown[] =>
  aws.calls.filter(({ operation }) => operation === 'DeleteStack').map(({ input }) => input);

async function deployed(variant = {}): Promise<Deployment> {
  const made = await deployment(variant);
  await made.must(DEPLOY);
  return made;
}

describe('destroy', () => {
  it('deletes the last stack first, and keeps what holds state', async () => {
    const made = await deployed();
    const table = made.aws.cloudformation(HOME).resource('acme-dev-base-home', 'Revocations');
    const ran = await made.run([...DESTROY, '--confirm', 'dev']);
    expect(ran.code).toBe(0);
    expect(result(ran).stacks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'base.worker deleted',
      'base.home deleted',
      'base.edge deleted',
    ]);
    expect(result(ran).stacks[1]?.retained).toEqual([{ id: 'Revocations', type: 'AWS::DynamoDB::Table' }]);
    expect(JSON.stringify(deleted(made)[0])).toContain('acme-dev-base-worker');
    expect(JSON.stringify(deleted(made))).not.toContain('RetainResources');
    const { engine } = made.aws.cloudformation(HOME);
    const kept = engine.world.all('AWS::DynamoDB::Table', engine.account);
    expect(kept.map(({ physicalId }) => physicalId)).toEqual([table.physicalId]);
    expect((await made.run([...DESTROY, '--confirm', 'dev'])).code).toBe(0);
  });

  it('asks for the name', async () => {
    const made = await deployed();
    expect(codes(await made.run(DESTROY))).toEqual(['EP7024']);
    expect(codes(await made.run([...DESTROY, '--confirm', 'prod']))).toEqual(['EP7501']);
    const said = (answer: string) => ({ terminal: { columns: 80, ask: async () => answer } });
    expect(codes(await made.run(DESTROY, said('yes')))).toEqual(['EP7306']);
    expect(deleted(made)).toEqual([]);
    const ran = await made.run(['destroy', '--env', 'dev'], said('dev'));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('Revocations AWS::DynamoDB::Table stays in the account');
    expect(ran.stdout).toContain('still in the account: Revocations');
  });

  it('prints what goes and what stays before it asks, for programs too', async () => {
    const made = await deployed();
    const asking = { terminal: { columns: 80, ask: async () => 'no' } };
    expect((await made.run(DESTROY, asking)).stderr).toContain('Revocations AWS::DynamoDB::Table stays in the account');
  });

  it('deletes nothing when the stacks have changed while it asked', async () => {
    const made = await deployed();
    const ask = async (): Promise<string> => {
      const stack = made.aws.cloudformation(HOME).stacks.find(({ name }) => name === 'acme-dev-base-worker');
      if (stack !== undefined) stack.status = 'UPDATE_ROLLBACK_COMPLETE';
      return 'dev';
    };
    const ran = await made.run(DESTROY, { terminal: { columns: 80, ask } });
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7303']]);
    expect(deleted(made)).toEqual([]);
  });

  it('refuses a protected environment without the option', async () => {
    const made = await deployed({ protected: true });
    const ran = await made.run([...DESTROY, '--confirm', 'dev']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7502']]);
    expect((await made.run([...DESTROY, '--confirm', 'dev', '--protected'])).code).toBe(0);
  });

  it('stops at a stack that cannot be deleted, and names the resource', async () => {
    const made = await deployed();
    made.aws.cloudformation(HOME).failNext({
      stack: 'acme-dev-base-worker',
      resource: 'Topic',
      phase: 'delete',
      reason: 'Topic is in use',
    });
    const ran = await made.run([...DESTROY, '--confirm', 'dev']);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7503']]);
    expect(result(ran).diagnostics[0]).toMatchObject({ place: { file: 'out/dev/base-worker.template.yaml' } });
    expect(result(ran).stacks.map(({ outcome }) => outcome)).toEqual(['failed', 'not-started', 'not-started']);
    expect((await made.run([...DESTROY, '--confirm', 'dev'])).code).toBe(0);
    expect(made.aws.cloudformation(EDGE).find('acme-dev-base-edge')).toBeUndefined();
  });
});
