/** `void`: a time that only rises, said with its cost, and at the edge in the end. */
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../helpers/aws/errors.ts';
import { type Operations, operations, terminal } from '../../helpers/operations.ts';

const MINUTE = 60;
const edge = ({ keys }: Operations): number => keys.state().voidBefore;

describe('void', () => {
  it('says what it costs, asks, and brings it to the edge', async () => {
    const ops = await operations();
    const asked = terminal('yes');
    const ran = await ops.run(['void', '--before', '10m ago', '--env', 'dev'], asked);
    expect([ran.code, asked.questions]).toEqual([0, ['Make them void? (yes) ']]);
    expect(ran.stderr).toMatch(/ {2}Every token issued before 2026-11-25 11:50:\d\d UTC \(10 min ago\) is refused/);
    for (const text of ['need a new playback URL', 'that is `keys kill`', 'It cannot be taken back'])
      expect(ran.stderr).toContain(text);
    expect(ran.stdout).toMatch(
      /^Tokens issued before 2026-11-25 11:50:\d\d UTC are refused, within a minute or so everywhere\.\n/,
    );
    expect(ops.now() - edge(ops)).toBeLessThan(11 * MINUTE);
    expect(ops.asked).toEqual([{ command: 'list' }, { command: 'void', before: edge(ops) }]);
  });

  it.each<[string, string[], number | ((now: number) => number)]>([
    ['now', ['now'], (now) => now],
    ['how long ago', ['2h ago'], (now) => now - 120 * MINUTE],
    ['how long ago in two words', ['90s', 'ago'], (now) => now - 90],
    ['seconds since 1970', ['1795520000'], 1_795_520_000],
    ['a time', ['2026-11-24T20:00:00Z'], Date.parse('2026-11-24T20:00:00Z') / 1000],
    ['a time in a zone', ['2026-11-24T20:00+01:00'], Date.parse('2026-11-24T19:00:00Z') / 1000],
    ['a day', ['2026-11-24'], Date.parse('2026-11-24T00:00:00Z') / 1000],
  ])('takes %s', async (_name, before, expected) => {
    const ops = await operations();
    await ops.must(['void', '--yes', '--before', ...before]);
    // The look before it took a second or two.
    const asked = (ops.asked[1] as { before: number }).before;
    const wanted = typeof expected === 'number' ? expected : expected(ops.now());
    expect(wanted - asked).toBeGreaterThanOrEqual(0);
    expect(wanted - asked).toBeLessThan(typeof expected === 'number' ? 1 : 5);
  });

  it.each<[string, string[]]>([
    ['no time', []],
    ['a time to come', ['--before', '2027-01-01']],
    ['a word', ['--before', 'yesterday']],
    ['one word too many', ['--before', '10m', 'soon']],
    ['an empty time', ['--before', '']],
  ])('takes %s for a mistake', async (_name, argv) => {
    const ops = await operations();
    expect([(await ops.run(['void', ...argv, '--yes'])).code, ops.operations()]).toEqual([2, []]);
  });

  it('goes by the clock of AWS, whatever the clock here says', async () => {
    const ops = await operations();
    const wrong = (seconds: number) => ({
      clock: { now: () => new Date(ops.clock.now().getTime() + seconds * 1000), sleep: ops.clock.sleep },
    });
    await ops.run(['void', '--yes', '--before', '10m ago'], wrong(-2 * 3600));
    expect(ops.now() - edge(ops)).toBeLessThan(11 * MINUTE);
    // One that is ahead: not everything until now, but what was asked for.
    ops.wait(30 * MINUTE);
    await ops.run(['void', '--yes', '--before', '10m ago'], wrong(3600));
    expect(ops.now() - edge(ops)).toBeGreaterThan(9 * MINUTE);
    const future = new Date((ops.now() + 600) * 1000).toISOString();
    const ran = await ops.run(['void', '--yes', '--before', future], wrong(3600));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--before is in the future');
  });

  it('changes nothing when the answer is no, or nobody is there to answer', async () => {
    const ops = await operations();
    const no = await ops.run(['void', '--before', 'now'], terminal('y'));
    expect([no.code, no.stderr.includes('EP7306')]).toEqual([1, true]);
    const nobody = await ops.run(['void', '--before', 'now', '--json']);
    expect(JSON.parse(nobody.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'EP7024', hint: 'Confirm it with --yes.' }],
    });
    expect([ops.asked, edge(ops)]).toEqual([[{ command: 'list' }, { command: 'list' }], 0]);
  });

  it('never lowers the time, and asks nobody about what holds already', async () => {
    const ops = await operations();
    await ops.must(['void', '--before', '10m ago', '--yes']);
    const before = edge(ops);
    const ran = await ops.run(['void', '--before', '1h ago'], terminal());
    expect([ran.code, edge(ops)]).toEqual([0, before]);
    expect(ran.stdout).toMatch(
      /^Tokens issued before 2026-11-25 11:50:\d\d UTC are void already; the edge was told again\.\n/,
    );
  });

  it('is finished by the same command when it was cut off before the edge knew', async () => {
    const ops = await operations();
    const { keeper } = ops.keys;
    ops.keys.keeper = (options) =>
      keeper({
        ...options,
        weather: {
          before: ({ operation }) => {
            if (operation === 'UpdateKeys') throw new AwsError('AccessDeniedException', 'no', { status: 403 });
          },
        },
      });
    const at = '2026-11-25T11:00:00Z';
    const cut = await ops.run(['void', '--before', at, '--yes']);
    expect([cut.code, edge(ops)]).toEqual([4, 0]);
    ops.keys.keeper = keeper;
    expect((await ops.run(['void', '--before', at, '--yes'])).code).toBe(0);
    expect(edge(ops)).toBe(Date.parse(at) / 1000);
  });

  it('is refused when the clocks of AWS differ, with a next step', async () => {
    const ops = await operations();
    const { keeper } = ops.keys;
    ops.keys.keeper = (options) => keeper({ ...options, skew: -60 });
    const ran = await ops.run(['void', '--before', 'now', '--yes']);
    expect(ran.stderr).toMatch(/EP7902 .*\(time_in_future\).*\n {2}hint: .*again in some seconds/);
  });

  it('--json and --no-wait', async () => {
    const ops = await operations();
    const { stdout } = await ops.run(['void', '--before', '1h ago', '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, ended: true, voidBefore: edge(ops) });
    const started = await ops.run(['void', '--before', 'now', '--yes', '--no-wait', '--json']);
    expect(JSON.parse(started.stdout)).toMatchObject({
      ok: true,
      ended: false,
      execution: expect.stringContaining('cli-void-'),
    });
  });
});
