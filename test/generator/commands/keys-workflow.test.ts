/** What commands about keys say when the workflow refuses, fails, or cannot be followed, and where there is none. */
import { describe, expect, it } from 'vitest';
import { KEYS_REFUSALS } from '../../../runtime/base/keys-refusal.ts';
import { HOME } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';
import { MACHINE, type Operations, operations, printed } from '../../helpers/operations.ts';
import { KEY_RECORD } from '../../runtime/base/keys-world.ts';

interface Found {
  code: string;
  severity: string;
  message: string;
  hint: string;
}
const found = ({ stdout }: Ran): Found[] => JSON.parse(stdout).diagnostics;
const codes = (ran: Ran): string[] => found(ran).map(({ code }) => code);
const LIST = ['keys', 'list', '--json'];

/** As Lambda gives an error to Step Functions. */
const thrown = (error: string, errorMessage: string) => ({
  run: () => ({
    error,
    cause: JSON.stringify({ errorType: error, errorMessage, trace: ['at /var/task/index.js:1:1'] }),
  }),
});

describe('a refusal of the workflow', () => {
  it.each(KEYS_REFUSALS)('%s comes with what it says and a next step', async (code) => {
    const ops = await operations();
    ops.replace(thrown(`KeysRefusal.${code}`, 'As the function says it.'));
    const ran = await ops.run(LIST);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7902']]);
    const [{ message, hint } = { message: '', hint: '' }] = found(ran);
    expect(message).toBe(`The workflow of the keys refuses it (${code}): As the function says it.`);
    expect(hint.length).toBeGreaterThan(30);
    expect(printed(ran)).not.toContain('/var/task');
  });

  it('is told of a record that somebody edited, and nothing is changed', async () => {
    const ops = await operations();
    ops.keys.secrets.edit(KEY_RECORD, '{"version":1}');
    for (const argv of [
      ['keys', 'list'],
      ['keys', 'rotate', '--now'],
      ['mode', 'off'],
    ]) {
      const ran = await ops.run([...argv, '--json']);
      expect([ran.code, codes(ran)]).toEqual([1, ['EP7902']]);
      expect(found(ran)[0]).toMatchObject({
        message: expect.stringContaining('(RecordError)'),
        hint: expect.stringContaining('put its last good version back'),
      });
    }
    expect(ops.keys.secrets.current(KEY_RECORD)).toBe('{"version":1}');
  });

  it('is told of the record of another environment', async () => {
    const ops = await operations();
    ops.keys.secrets.edit(KEY_RECORD, (ops.keys.secrets.current(KEY_RECORD) ?? '').replace('acme/dev', 'acme/prod'));
    const ran = await ops.run(LIST);
    expect(found(ran)[0]?.message).toContain('(record_of_another)');
  });
});

describe('a failure of the workflow', () => {
  it.each([
    [
      'an error nobody expected',
      { error: 'Lambda.Unknown', cause: 'The cause could not be determined.' },
      'Lambda.Unknown',
    ],
    ['an error without a cause', { error: 'States.Runtime' }, 'States.Runtime'],
    ['a time-out', { status: 'TIMED_OUT' as const }, 'TIMED_OUT'],
    ['somebody who stopped it', { status: 'ABORTED' as const }, 'ABORTED'],
    ['an error that is no name', { error: 'Error: at\n<script>', cause: '{"errorMessage": 7' }, 'unknown'],
  ])('by %s ends with 4 and the command that shows it', async (_name, ended, shown) => {
    const ops = await operations();
    ops.replace({ run: () => ended });
    const ran = await ops.run(LIST);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7903']]);
    expect(found(ran)[0]?.message).toContain(`(${shown})`);
    expect(found(ran)[0]?.hint).toMatch(
      new RegExp(
        `aws stepfunctions describe-execution --execution-arn ${MACHINE.replace('stateMachine', 'execution')}:cli-list-\\S+ --region ${HOME}`,
      ),
    );
  });

  it('shows no key that a cause might hold', async () => {
    const ops = await operations();
    const secret = 'k'.repeat(43);
    ops.replace(thrown('SyntaxError', `Unexpected token in {"sign":"${secret}"} at AKIAABCDEFGHIJKLMNOP\nat x`));
    const ran = await ops.run(LIST);
    expect(found(ran)[0]?.message).toContain('Unexpected token');
    expect(printed(ran)).not.toMatch(/k{40}|AKIAABCD|at x/);
  });

  it('is tried again by the workflow, and told when it does not go away', async () => {
    const ops = await operations();
    let throttled = 0;
    const keeper = ops.keys.keeper;
    ops.keys.keeper = (options) =>
      keeper({
        ...options,
        maxAttempts: 1,
        weather: {
          before: ({ operation }) => {
            if (operation !== 'GetSecretValue' || throttled === 0) return;
            throttled--;
            throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
          },
        },
      });
    throttled = 3;
    expect((await ops.run(LIST)).code).toBe(0);
    throttled = 1_000;
    expect(codes(await ops.run(LIST))).toEqual(['EP7903']);
  });
});

describe('the way to the workflow', () => {
  const reset = { error: 'reset' as const, operation: 'DescribeExecution' };
  const kill = (ops: Operations) => [
    'keys',
    'kill',
    ops.kids('spare')[0] ?? '',
    '--confirm',
    ops.kids('spare')[0] ?? '',
  ];

  it('may break for a while: the same execution is looked at again', async () => {
    const ops = await operations();
    // Each look is two tries of the SDK.
    ops.aws.faults.add({ ...reset, times: 10 });
    const ran = await ops.run(['keys', 'rotate', '--now', '--json']);
    expect([ran.code, ops.asked.length]).toEqual([0, 1]);
  });

  it('that stays broken leaves the execution alone, and says how to see its end', async () => {
    const ops = await operations();
    ops.aws.faults.add({ ...reset, times: 100 });
    const ran = await ops.run(['keys', 'rotate', '--now', '--json']);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7904', 'EP7016']]);
    expect(found(ran)[0]).toMatchObject({
      message: expect.stringContaining('It goes on in AWS.'),
      hint: expect.stringContaining('edgepass keys list --env dev'),
    });
    expect(ops.asked).toEqual([{ command: 'rotate' }]);
  });

  it('that ends because a session has expired says so at once', async () => {
    const ops = await operations();
    const error = { code: 'ExpiredTokenException', message: 'The security token has expired', status: 400 };
    ops.aws.faults.add({ error, operation: 'DescribeExecution' });
    expect(codes(await ops.run(LIST))).toEqual(['EP7904', 'EP7012']);
  });

  it('may not know an execution that was started a moment ago', async () => {
    const ops = await operations();
    const error = { code: 'ExecutionDoesNotExist', message: 'Execution Does Not Exist', status: 400 };
    ops.aws.faults.add({ error, operation: 'DescribeExecution', times: 2 });
    expect((await ops.run(LIST)).code).toBe(0);
    ops.aws.faults.add({ error, operation: 'DescribeExecution', times: 100 });
    expect(codes(await ops.run(LIST))).toEqual(['EP7904', 'EP7018']);
  });

  it('starts an execution once, also when the answer is lost', async () => {
    const ops = await operations({ looks: 1 });
    ops.aws.faults.add({ operation: 'StartExecution', error: 'reset', when: 'after' });
    expect((await ops.run(['keys', 'rotate', '--now'])).code).toBe(0);
    expect(ops.asked).toHaveLength(1);
    expect(ops.operations().filter((one) => one === 'states:StartExecution')).toHaveLength(2);
  });

  it('may be denied: what is missing is named', async () => {
    const ops = await operations();
    const message = `User: arn:aws:iam::1:user/ada is not authorized to perform: states:StartExecution on resource: ${MACHINE} because`;
    ops.aws.faults.add({ operation: 'StartExecution', error: { code: 'AccessDeniedException', message, status: 400 } });
    const ran = await ops.run(LIST);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7014']]);
    expect(found(ran)[0]?.message).toContain(`states:StartExecution on ${MACHINE}`);
  });

  it.each(['rotate', 'kill'] as const)('is left at once when somebody interrupts (%s)', async (verb) => {
    const ops = await operations({ looks: 1_000 });
    const stop = new AbortController();
    let waits = 0;
    const clock = {
      now: ops.clock.now,
      sleep: async (ms: number) => {
        if (++waits === 3) stop.abort();
        await ops.clock.sleep(ms);
      },
    };
    const argv = verb === 'rotate' ? ['keys', 'rotate', '--now'] : kill(ops);
    const ran = await ops.run([...argv, '--json'], { clock, interrupted: stop.signal });
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7023']]);
    expect(found(ran)[0]?.message).toBe('Interrupted. The workflow of the keys goes on in AWS.');
    // A look that was interrupted is followed by nothing.
    expect(ops.asked).toEqual([{ command: verb === 'rotate' ? 'rotate' : 'list' }]);
  });
});

describe('where there is no workflow', () => {
  it('because nothing is deployed, the stack that brings it is named', async () => {
    const ops = await operations({ outputs: undefined });
    const ran = await ops.run(LIST);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7901']]);
    expect(found(ran)[0]?.hint).toBe(
      'Stack acme-dev-base-home (eu-west-1) brings it: run `edgepass deploy --env dev`.',
    );
  });

  it.each([
    ['an earlier version is deployed', { outputs: { LongestLifetime: '1' } }],
    ['its output is `none`', { outputs: { KeysMachineArn: 'none' } }],
  ])('because %s', async (_name, options) => {
    const ops = await operations(options);
    expect(codes(await ops.run(LIST))).toEqual(['EP7901']);
  });

  it('because the output was generated by an earlier version', async () => {
    const ops = await operations({ declared: ['RevocationTable'] });
    const ran = await ops.run(LIST);
    expect(found(ran)[0]).toMatchObject({
      code: 'EP7901',
      hint: expect.stringContaining('edgepass generate --env dev'),
    });
    expect(ops.operations()).toEqual(['sts:GetCallerIdentity']);
  });

  it('because it was taken away by hand', async () => {
    const ops = await operations();
    const error = {
      code: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${MACHINE}'`,
      status: 400,
    };
    ops.aws.faults.add({ operation: 'StartExecution', error });
    expect(codes(await ops.run(LIST))).toEqual(['EP7018']);
  });

  it('in this account: nothing else is asked', async () => {
    const ops = await operations();
    const env = ops.aws.environment({ region: HOME, account: '999999999999' });
    const ran = await ops.run(LIST, { env });
    expect([ran.code, codes(ran), ops.operations()]).toEqual([4, ['EP7013'], ['sts:GetCallerIdentity']]);
  });
});

describe('how it is told', () => {
  it('a line that is redrawn at a terminal, lines elsewhere, and nothing but the document with --json', async () => {
    const ops = await operations({ looks: 2 });
    const drawn = await ops.run(['keys', 'rotate', '--now'], {
      terminal: { columns: 40, ask: async () => '' },
    });
    expect(drawn.stderr.replaceAll('\r\u001b[2K', '|')).toMatch(
      /^\|keys rotate {2}started {2}0 s\|keys rotate {2}\d+ s\|keys rotate {2}\d+ s\|keys rotate {2}done {2}\d+ s\n$/,
    );
    const added = await ops.run(['keys', 'rotate']);
    expect(added.stderr).toMatch(/^\d\d:\d\d:\d\d {2}keys rotate {2}started\n\d\d:\d\d:\d\d {2}keys rotate {2}done\n$/);
    expect(() => JSON.parse(added.stdout)).toThrow();
  });

  it('says every half minute that it still runs', async () => {
    const ops = await operations({ looks: 20 });
    const { stderr } = await ops.run(['keys', 'rotate']);
    expect(stderr.match(/ running\n/g)).toHaveLength(2);
  });
});
