import { describe, expect, it } from 'vitest';
import type { DriftReport } from '../../../generator/aws/drift.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { type Deployment, deployment, EDGE, HOME, lineIn } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const DRIFT = ['drift', '--env', 'dev', '--json'];

type Result = DriftReport & { healed?: string[]; diagnostics: Diagnostic[] };

const result = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);

async function deployed(): Promise<Deployment> {
  const made = await deployment();
  await made.must(DEPLOY);
  return made;
}

/** What a person did in the console, and what the running product did. */
function byHand({ aws }: Deployment): void {
  aws.cloudformation(EDGE).touch('acme-dev-base-edge', 'EdgeNote', '/Value', 'by hand');
}
function byProduct({ aws }: Deployment): void {
  aws.cloudformation(EDGE).touch('acme-dev-base-edge', 'RevocationRules', '/Rules/0/Name', 'session-4711');
}
const rules = ({ aws }: Deployment): string =>
  JSON.stringify(aws.cloudformation(EDGE).live('acme-dev-base-edge', 'RevocationRules')?.Rules);

describe('drift', () => {
  it('finds none where nothing was touched', async () => {
    const made = await deployed();
    const ran = await made.run([...DRIFT, '--fail-on-drift']);
    expect([ran.code, result(ran).drifted]).toEqual([0, false]);
    expect(result(ran).stacks.map(({ status }) => status)).toEqual(['in-sync', 'in-sync', 'in-sync']);
  });

  it('says what was changed, with both values and the line', async () => {
    const made = await deployed();
    byHand(made);
    const ran = await made.run([...DRIFT, '--fail-on-drift']);
    expect(ran.code).toBe(3);
    expect(result(ran).stacks[0]).toMatchObject({
      status: 'drifted',
      resources: [
        {
          id: 'EdgeNote',
          change: 'modified',
          properties: [{ path: 'Value', expected: 'edge', actual: 'by hand' }],
          place: {
            file: 'out/dev/base-edge.template.yaml',
            line: await lineIn(made.folder, 'out/dev/base-edge.template.yaml', '  EdgeNote:'),
          },
        },
      ],
    });
    const text = (await made.run(['drift', '--env', 'dev'])).stdout;
    expect(text).toContain('Value: "edge" in the template, "by hand" live');
  });

  it('finds a deleted resource', async () => {
    const made = await deployed();
    made.aws.cloudformation(HOME).remove('acme-dev-base-home', 'Marker');
    const { stacks } = result(await made.run(DRIFT));
    expect(stacks[1]?.resources).toMatchObject([{ id: 'Marker', change: 'deleted' }]);
  });

  it('is none when the running product did it, and says so', async () => {
    const made = await deployed();
    byProduct(made);
    const ran = await made.run([...DRIFT, '--fail-on-drift']);
    expect([ran.code, result(ran).drifted]).toEqual([0, false]);
    expect(result(ran).stacks[0]?.owned).toMatchObject([
      { resource: 'RevocationRules', actual: 'session-4711', because: 'The revocation worker writes the rules.' },
    ]);
  });

  it('shows stacks that are not deployed', async () => {
    const made = await deployment();
    expect(result(await made.run(DRIFT)).stacks.map(({ status }) => status)).toEqual(['absent', 'absent', 'absent']);
  });
});

describe('drift --heal', () => {
  it('undoes what was done by hand, once, and looks again', async () => {
    const made = await deployed();
    byHand(made);
    made.aws.calls.length = 0;
    const ran = await made.run([...DRIFT, '--heal', '--yes', '--fail-on-drift']);
    expect([ran.code, result(ran).healed, codes(ran)]).toEqual([0, ['base.edge'], []]);
    expect(made.aws.cloudformation(EDGE).live('acme-dev-base-edge', 'EdgeNote')?.Value).toBe('edge');
    const operations = made.operations();
    expect(operations.filter((name) => name.endsWith('ExecuteChangeSet'))).toHaveLength(1);
    expect(operations.filter((name) => name.endsWith('DetectStackDrift'))).toHaveLength(4);
  });

  it('does nothing to what the running product wrote', async () => {
    const made = await deployed();
    byProduct(made);
    const ran = await made.run([...DRIFT, '--heal', '--yes']);
    expect([ran.code, result(ran).healed]).toEqual([0, []]);
    expect(made.operations()).not.toContain('cloudformation:CreateChangeSet');
    expect(rules(made)).toContain('session-4711');
  });

  it('does not execute a change set that would undo it, and says so', async () => {
    const made = await deployed();
    byHand(made);
    byProduct(made);
    const ran = await made.run([...DRIFT, '--heal', '--yes']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7402']]);
    expect(made.operations()).not.toContain('cloudformation:ExecuteChangeSet');
    expect(made.operations()).toContain('cloudformation:DeleteChangeSet');
    expect(rules(made)).toContain('session-4711');
  });

  it('asks before it does anything', async () => {
    const made = await deployed();
    byHand(made);
    const ran = await made.run([...DRIFT, '--heal']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7024']]);
    const asked: string[] = [];
    const terminal = {
      columns: 80,
      ask: async (question: string): Promise<string> => {
        asked.push(question);
        return 'yes';
      },
    };
    const yes = await made.run(['drift', '--env', 'dev', '--heal'], { terminal });
    expect([yes.code, asked.length]).toEqual([0, 1]);
    expect(yes.stderr).toContain('Value: "by hand" → "edge"');
    expect(yes.stdout).toContain('Healed: base.edge.');
  });

  it('reports a healing that failed', async () => {
    const made = await deployed();
    byHand(made);
    made.aws.cloudformation(EDGE).failNext({
      stack: 'acme-dev-base-edge',
      resource: 'EdgeNote',
      phase: 'update',
      reason: 'Access denied to the parameter',
    });
    const ran = await made.run([...DRIFT, '--heal', '--yes']);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7301']]);
  });
});
