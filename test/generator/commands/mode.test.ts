/** `mode`: an override with an end, said with what it means. */
import { describe, expect, it } from 'vitest';
import { type Operations, operations, terminal } from '../../helpers/operations.ts';

const HOUR = 3600;
const edge = ({ keys }: Operations) => keys.state().override;

describe('mode', () => {
  it('report lets everybody watch until a time, after it was said and confirmed', async () => {
    const ops = await operations();
    const asked = terminal('yes');
    const ran = await ops.run(['mode', 'report', '--until', '2h', '--env', 'dev'], asked);
    expect([ran.code, asked.questions]).toEqual([0, ['Set report? (yes) ']]);
    expect(ran.stderr).toContain(
      'Nothing is refused any more: every stream that is checked plays without a token, revoked sessions too.',
    );
    expect(ran.stderr).toMatch(
      /Until 2026-11-25 14:00:\d\d UTC \(in 2 h\); after it every stream is again as configured\./,
    );
    expect(ran.stdout).toMatch(
      /^Mode: report until 2026-11-25 14:00:\d\d UTC \(in .*\), within a minute or so everywhere\.\n/,
    );
    expect(ran.stdout).toMatch(/\nmode report until 2026-11-25 14:00:\d\d UTC \(in .*\)\n$/);
    expect(edge(ops)).toMatchObject({ mode: 'report' });
    expect(Math.abs((edge(ops)?.until ?? 0) - ops.now() - 2 * HOUR)).toBeLessThan(5);
  });

  it('enforce says what it means for streams in report, and what it takes the place of', async () => {
    const ops = await operations();
    await ops.must(['mode', 'report', '--until', '2h', '--yes']);
    const ran = await ops.must(['mode', 'enforce', '--until', '1d', '-y']);
    expect(ran.stderr).toContain('Streams in report are enforced');
    expect(ran.stderr).toMatch(/It takes the place of report until 2026-11-25 14:00:\d\d UTC/);
    expect(edge(ops)?.mode).toBe('enforce');
  });

  it('off ends it at once, without a question', async () => {
    const ops = await operations();
    await ops.must(['mode', 'report', '--until', '2h', '--yes']);
    const ran = await ops.run(['mode', 'off']);
    expect([ran.code, edge(ops)]).toEqual([0, undefined]);
    expect(ran.stdout).toMatch(/^Mode: as configured, within a minute or so everywhere\.\n/);
    // Nothing to end is no error.
    expect((await ops.run(['mode', 'off'])).code).toBe(0);
  });

  it('ends by itself', async () => {
    const ops = await operations();
    await ops.must(['mode', 'report', '--until', '1h', '--yes']);
    ops.wait(2 * HOUR);
    const ran = await ops.must(['keys', 'list']);
    expect(ran.stdout).toContain('mode as configured');
    await ops.must(['keys', 'rotate']);
    expect(edge(ops)).toBeUndefined();
  });

  it('counts by the clock of AWS, whatever the clock here says', async () => {
    const ops = await operations();
    for (const hours of [-20, 20]) {
      const clock = { now: () => new Date(ops.clock.now().getTime() + hours * HOUR * 1000), sleep: ops.clock.sleep };
      const ran = await ops.run(['mode', 'report', '--until', '2h', '--yes'], { clock });
      expect(ran.code).toBe(0);
      expect(Math.abs((edge(ops)?.until ?? 0) - ops.now() - 2 * HOUR)).toBeLessThan(5);
      expect(ran.stderr).toContain('(in 2 h)');
      expect(ran.stdout).toMatch(/^Mode: report until .* \(in (?:2 h|1 h 59 min)\)/);
    }
    const clock = { now: () => new Date(ops.clock.now().getTime() - 20 * HOUR * 1000), sleep: ops.clock.sleep };
    const past = new Date((ops.now() - HOUR) * 1000).toISOString();
    expect((await ops.run(['mode', 'report', '--until', past, '--yes'], { clock })).stderr).toContain(
      '--until has passed',
    );
  });

  it.each<[string, string[]]>([
    ['no mode', []],
    ['an unknown one', ['none', '--until', '2h']],
    ['no end', ['report']],
    ['an end of off', ['off', '--until', '2h']],
    ['an end that has passed', ['report', '--until', '2026-11-24']],
    ['an end after more than a month', ['enforce', '--until', '31d']],
    ['a time that is none', ['report', '--until', 'tomorrow']],
  ])('takes %s for a mistake', async (_name, argv) => {
    const ops = await operations();
    expect([(await ops.run(['mode', ...argv, '--yes'])).code, ops.operations()]).toEqual([2, []]);
  });

  it('changes nothing when the answer is no, or nobody is there to answer', async () => {
    const ops = await operations();
    const no = await ops.run(['mode', 'report', '--until', '2h'], terminal('report'));
    expect([no.code, no.stderr.includes('EP7306')]).toEqual([1, true]);
    const nobody = await ops.run(['mode', 'enforce', '--until', '2h', '--json']);
    expect(JSON.parse(nobody.stdout).diagnostics).toMatchObject([{ code: 'EP7024', hint: 'Confirm it with --yes.' }]);
    expect([ops.asked.filter((one) => 'mode' in one), edge(ops)]).toEqual([[], undefined]);
  });

  it('--json and --no-wait', async () => {
    const ops = await operations();
    const { stdout } = await ops.run(['mode', 'report', '--until', '2h', '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, ended: true, mode: edge(ops) });
    const started = await ops.run(['mode', 'off', '--no-wait']);
    expect(started.stdout).toBe('Started. `edgepass keys list --env dev` shows what became of it.\n');
  });
});
