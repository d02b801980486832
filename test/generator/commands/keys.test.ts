/** `keys list` and `keys rotate` with the workflow and the function that ship, over HTTP. */
import { describe, expect, it } from 'vitest';
import { readKeysAnswer } from '../../../generator/aws/keys-answer.ts';
import { operations, printed } from '../../helpers/operations.ts';
import { KEY_RECORD } from '../../runtime/base/keys-world.ts';

const DAY = 86_400;
const json = (stdout: string) => JSON.parse(stdout);

describe('keys list', () => {
  it('shows the keys with their times, when the next rotation is due, and what is void or overridden', async () => {
    const ops = await operations();
    const ran = await ops.run(['keys', 'list', '--env', 'dev']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe(`dev
key       state    age  signs from               signs until              leaves the edge
${ops.kids('signing')}  signing  1 d  2026-11-24 12:09:00 UTC  2026-12-31 12:09:00 UTC  -
${ops.kids('spare')}  spare    1 d  when it is needed        -                        -
next rotation 2026-12-24 12:09:00 UTC (in 29 d)
void before nothing
mode as configured
`);
    expect(ops.asked).toEqual([{ command: 'list' }]);
  });

  it('asks AWS for nothing but who it is, where the workflow is, and how it goes', async () => {
    const ops = await operations({ looks: 1 });
    await ops.run(['keys', 'list']);
    expect(ops.operations()).toEqual([
      'sts:GetCallerIdentity',
      'cloudformation:DescribeStacks',
      'states:StartExecution',
      'states:DescribeExecution',
      'states:DescribeExecution',
    ]);
  });

  it('gives programs ids, states and times in seconds', async () => {
    const ops = await operations();
    const { code, stdout } = await ops.run(['keys', 'list', '--json']);
    expect([code, json(stdout)]).toMatchObject([
      0,
      {
        ok: true,
        environment: 'dev',
        execution: expect.stringMatching(
          /^arn:aws:states:.*:execution:acme-dev-keys:cli-list-20261125T\d{6}Z-[0-9a-f]{8}$/,
        ),
        ended: true,
        keys: [
          { kid: ops.kids('signing')[0], state: 'signing', signFrom: ops.now() - DAY + 540 },
          { kid: ops.kids('spare')[0], state: 'spare' },
        ],
        due: false,
        wait: 0,
        voidBefore: 0,
        diagnostics: [],
      },
    ]);
  });

  it('says that nothing can be signed where there is no key yet, and what to do', async () => {
    const ops = await operations({ begun: false });
    const ran = await ops.run(['keys', 'list']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('EP7902 The workflow of the keys refuses it (record_missing)');
    expect(ran.stderr).toContain('run `edgepass deploy --env dev`');
  });

  it('never shows more of an answer than it knows', async () => {
    const ops = await operations();
    const secret = 'c2VjcmV0'.repeat(6);
    const key = { kid: 'k1', state: 'signing', created: 1, sign: secret, bind: secret };
    ops.replace({ run: () => ({ output: { keys: [key], signing: 'k1', secret, mode: { mode: secret, until: 1 } } }) });
    for (const more of [[], ['--json']]) {
      const ran = await ops.run(['keys', 'list', ...more]);
      expect([ran.code, printed(ran).includes(secret)]).toEqual([0, false]);
    }
    ops.replace({ run: () => ({ output: { keys: [{ ...key, kid: secret }] } }) });
    const ran = await ops.run(['keys', 'list']);
    expect([ran.code, printed(ran).includes(secret), printed(ran).includes('EP7905')]).toEqual([1, false, true]);
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', 'signing'],
    ['a list', '[]'],
    ['no keys', '{}'],
    ['a key without a state', '{"keys":[{"kid":"a","created":1}]}'],
    ['a time that is none', '{"keys":[{"kid":"a","state":"spare","created":-1}]}'],
  ])('takes %s for no answer', (_name, text) => {
    expect(readKeysAnswer(text)).toBeUndefined();
  });
});

describe('keys rotate', () => {
  it('--now lets the spare sign, keeps the key before it, and makes a new spare', async () => {
    const ops = await operations();
    const [[before], [spare]] = [ops.kids('signing'), ops.kids('spare')];
    const ran = await ops.run(['keys', 'rotate', '--now', '--env', 'dev']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(new RegExp(`^Key ${spare} signs now\\.\ndev\n`));
    expect([ops.kids('retiring'), ops.kids('signing')]).toEqual([[before], [spare]]);
    expect(ops.keys.state().keys).toHaveLength(3);
    expect(ops.asked).toEqual([{ command: 'rotate' }]);
  });

  it('without --now does only what is due', async () => {
    const ops = await operations();
    const [before] = ops.kids('signing');
    const ran = await ops.run(['keys', 'rotate']);
    expect(ran.stdout).toContain(`Done what was due; key ${before} signs.`);
    expect([ops.asked, ops.kids('signing')]).toEqual([[{ command: 'run' }], [before]]);
    ops.wait(31 * DAY);
    const due = await ops.run(['keys', 'rotate', '--json']);
    expect(json(due.stdout)).toMatchObject({ ok: true, signing: ops.kids('signing')[0] });
    expect(ops.kids('retiring')).toEqual([before]);
  });

  it('waits until every edge location knows a spare that was made only just now', async () => {
    const ops = await operations();
    await ops.must(['keys', 'rotate', '--now']);
    const [, spare] = [ops.kids('signing'), ops.kids('spare')[0]];
    const started = ops.now();
    await ops.must(['keys', 'rotate', '--now']);
    expect(ops.kids('signing')).toEqual([spare]);
    expect(ops.now() - started).toBeGreaterThan(500);
  });

  it('refuses a sixth key, and names the way out', async () => {
    const ops = await operations();
    for (let i = 0; i < 4; i++) await ops.must(['keys', 'rotate', '--now']);
    const record = ops.keys.secrets.current(KEY_RECORD);
    const ran = await ops.run(['keys', 'rotate', '--now']);
    expect([ran.code, ops.keys.secrets.current(KEY_RECORD)]).toEqual([1, record]);
    expect(ran.stderr).toContain('EP7902 The workflow of the keys refuses it (too_many_keys)');
    expect(ran.stderr).toMatch(/hint: .*keys kill <kid>.* makes room/);
    expect(ran.stdout).toBe('');
  });

  it('--no-wait returns once it has started', async () => {
    const ops = await operations({ looks: 1_000 });
    const ran = await ops.run(['keys', 'rotate', '--now', '--no-wait']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toBe('Started. `edgepass keys list --env dev` shows what became of it.\n');
    expect(ops.operations().at(-1)).toBe('states:StartExecution');
    const second = json((await ops.run(['keys', 'rotate', '--no-wait', '--json'])).stdout);
    expect(second).toMatchObject({ ok: true, ended: false, execution: expect.stringContaining(':cli-run-') });
    expect(second).not.toHaveProperty('keys');
  });
});
