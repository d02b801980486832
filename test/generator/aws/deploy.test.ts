import { describe, expect, it } from 'vitest';
import { deployment } from '../../helpers/deployment.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes'];

describe('a first deployment', () => {
  it('creates the stacks in order, feeds outputs to parameters, and records it', async () => {
    const { aws, run } = await deployment();
    const { code, stdout } = await run([...DEPLOY, '--json']);
    expect(code).toBe(0);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.stacks.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome])).toEqual([
      ['base.edge', 'created'],
      ['base.home', 'created'],
      ['base.worker', 'created'],
    ]);
    expect(aws.calls.length).toBe(1);
  });
});
