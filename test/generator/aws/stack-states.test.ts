import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { STACK_STATUSES, stackState } from '../../../generator/aws/stack-states.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { deployment, HOME } from '../../helpers/deployment.ts';

const at = { name: 'acme-dev-base-home', region: HOME, environment: 'dev' };

describe('stack states', () => {
  it('has every state that AWS has', () => {
    expect([...STACK_STATUSES].sort()).toEqual(Object.values(StackStatus).sort());
  });

  it.each(STACK_STATUSES)('%s has a meaning, and advice with a command', (status) => {
    const { meaning, advice } = stackState(status);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(advice(at)).toMatch(/`(edgepass|aws cloudformation) [^`]+`/);
  });

  it('never asks for a deletion where something was in use', () => {
    const deleting = STACK_STATUSES.filter((status) => stackState(status).advice(at).includes('delete-stack'));
    expect(deleting.sort()).toEqual(['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED']);
  });

  it('says how to finish a rollback that failed', () => {
    expect(stackState('UPDATE_ROLLBACK_FAILED').advice(at)).toContain(
      'aws cloudformation continue-update-rollback --stack-name acme-dev-base-home --region eu-west-1',
    );
  });

  it('does not touch a stack in a state that it does not know', () => {
    expect(stackState('SOMETHING_NEW')).toMatchObject({ kind: 'stuck', deletable: false });
  });
});

const STUCK = STACK_STATUSES.filter((status) => stackState(status).kind === 'stuck');

describe('deploy over a stack that is stuck', () => {
  it.each(STUCK)('%s: changes nothing and gives the advice of the state', async (status) => {
    const made = await deployment();
    await made.must(['deploy', '--env', 'dev', '--yes', '--json']);
    await made.output({ rules: 'other' });
    const stack = made.aws.cloudformation(HOME).get(at.name);
    stack.status = status;
    const ran = await made.run(['deploy', '--env', 'dev', '--yes', '--json']);
    const { diagnostics } = JSON.parse(ran.stdout) as { diagnostics: Diagnostic[] };
    expect([ran.code, diagnostics.map(({ code }) => code)]).toEqual([4, ['EP7203']]);
    expect(diagnostics[0]?.hint).toBe(stackState(status).advice(at));
    expect(made.operations().filter((name) => !/:(Get|Describe)/.test(name))).toEqual([]);
  });
});
