/** `unrevoke`, `sessions list` and `sessions show`. */
import { describe, expect, it } from 'vitest';
import { itemOf, type RevocationRow } from '../../../runtime/sessions/revocation-row.ts';
import { DENIED } from '../../helpers/aws/faults.ts';
import type { Ran } from '../../helpers/fake-io.ts';
import { type Operations, operations, printed } from '../../helpers/operations.ts';
import { signToken, testKey } from '../../helpers/sign.ts';

const A = 'a'.repeat(22);
const B = 'b'.repeat(22);
const C = 'c'.repeat(22);
const HOUR = 3600;

const json = ({ stdout }: Ran) => JSON.parse(stdout);
const codes = (ran: Ran): string[] => json(ran).diagnostics.map(({ code }: { code: string }) => code);
const state = ({ table }: Operations, session: string): string => String(table.items.get(session)?.state?.S);
const sessions = (ran: Ran): string[] => json(ran).rows.map(({ session }: RevocationRow) => session);

function put(ops: Operations, row: Partial<RevocationRow> & { session: string }): void {
  const now = ops.now();
  const whole: RevocationRow = {
    ...{ state: 'revoked', type: 'manual', reason: 'leaked', created: now, expires: now + 4 * HOUR },
    ...row,
  };
  ops.table.set(row.session, itemOf(whole) as never);
}

const many = (ops: Operations, count: number): void => {
  for (let i = 0; i < count; i++)
    put(ops, { session: `session-${String(i).padStart(14, '0')}`, created: ops.now() - i, reason: 'x'.repeat(200) });
};

describe('unrevoke', () => {
  it('lets a session play again, and leaves a mark', async () => {
    const ops = await operations();
    await ops.must(['revoke', A, B]);
    expect(await ops.follow()).toEqual([`r.${A}`, `r.${B}`]);
    const ran = await ops.run(['unrevoke', A, '--env', 'dev']);
    expect([ran.code, ran.stderr, ran.stdout]).toEqual([0, '', `${A}  lifted\n`]);
    expect([state(ops, A), state(ops, B)]).toEqual(['lifted', 'revoked']);
    expect(await ops.follow()).toEqual([`r.${B}`]);
  });

  it('takes tokens and URLs, many at once, and prints ids only', async () => {
    const ops = await operations();
    await ops.must(['revoke', A, B, C]);
    const claims = { aud: 'acme/dev', iat: 1, exp: 2, paths: ['/live/'] };
    const token = (ssn: string) => signToken({ key: testKey('k'), claims: { ...claims, ssn }, session: ssn });
    const ran = await ops.run(['unrevoke', token(A), `https://m.example.com/${token(B)}/live/`, C]);
    expect([ran.code, ran.stdout]).toEqual([0, [A, B, C].map((session) => `${session}  lifted\n`).join('')]);
    expect(JSON.stringify(ops.aws.calls) + printed(ran)).not.toContain('eyJ');
  });

  it('says which it does not know, and lifts the others', async () => {
    const ops = await operations();
    await ops.must(['revoke', A]);
    const ran = await ops.run(['unrevoke', A, B, C]);
    expect([ran.code, ran.stdout]).toEqual([1, `${A}  lifted\n`]);
    expect(ran.stderr).toContain(`EP7914 The revocation table does not have ${B} and 1 more.`);
    const again = await ops.run(['unrevoke', A, B, '--json']);
    expect(json(again)).toMatchObject({ ok: false, lifted: [], already: [A], unknown: [B], left: [] });
    // An unknown session leaves no row behind.
    expect(ops.table.items.has(B)).toBe(false);
  });

  it('that is done already is no error', async () => {
    const ops = await operations();
    await ops.must(['revoke', A]);
    await ops.must(['unrevoke', A]);
    const ran = await ops.run(['unrevoke', A]);
    expect([ran.code, ran.stdout]).toEqual([0, `${A}  lifted\n`]);
  });

  it('whose answer is lost is still done once', async () => {
    const ops = await operations();
    await ops.must(['revoke', A]);
    ops.aws.faults.add({ operation: 'UpdateItem', error: 'reset', when: 'after' });
    expect([(await ops.run(['unrevoke', A])).code, state(ops, A)]).toEqual([0, 'lifted']);
  });

  it('that stops half-way lists what is left', async () => {
    const ops = await operations();
    many(ops, 100);
    const all = [...ops.table.items.keys()].filter((id) => id !== 'control');
    const call = ops.aws.tables.call.bind(ops.aws.tables);
    let count = 0;
    ops.aws.tables.call = (operation, input) => {
      if (++count === 30) ops.aws.faults.add({ operation: 'UpdateItem', error: { ...DENIED }, times: 1000 });
      return call(operation, input);
    };
    const ran = await ops.run(['unrevoke', ...all, '--json']);
    const { lifted, left } = json(ran);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7913', 'EP7014']]);
    expect(lifted.length).toBeGreaterThanOrEqual(29);
    expect([...lifted, ...left].sort()).toEqual(all.sort());
    expect(all.filter((session) => state(ops, session) === 'lifted').sort()).toEqual([...lifted].sort());
  });

  it('refuses what is no session before anything is asked', async () => {
    const ops = await operations();
    const ran = await ops.run(['unrevoke', A, 'nonsense', '--json']);
    expect([ran.code, codes(ran), ops.operations()]).toEqual([1, ['EP7911'], []]);
  });
});

describe('sessions list', () => {
  it('shows the newest first, manual and automatic together, with reason and end', async () => {
    const ops = await operations();
    put(ops, { session: A, created: ops.now() - 60, reason: 'ticket 42' });
    put(ops, { session: B, type: 'automatic', score: 11.75, reason: '5 networks', created: ops.now() - 30 });
    put(ops, { session: C, state: 'lifted', created: ops.now() - 90, reason: '' });
    const ran = await ops.run(['sessions', 'list', '--env', 'dev']);
    expect([ran.code, ran.stdout]).toEqual([
      0,
      `session                 type       state    created              ends    score  reason
${B}  automatic  revoked  2026-11-25 11:59:30  in 4 h  11.75  5 networks
${A}  manual     revoked  2026-11-25 11:59:00  in 4 h  -      ticket 42
${C}  manual     lifted   2026-11-25 11:58:30  in 4 h  -
`,
    ]);
  });

  it('says when there is none', async () => {
    const ops = await operations();
    expect(await ops.run(['sessions', 'list'])).toMatchObject({ code: 0, stdout: 'none\n' });
    expect(json(await ops.run(['sessions', 'list', '--json']))).toMatchObject({ rows: [], more: false });
  });

  it.each<[string, string[], string[]]>([
    ['a type', ['--type', 'automatic'], [B]],
    ['a state', ['--state', 'lifted'], [C]],
    ['how long ago', ['--since', '45s'], [B]],
    ['a time', ['--since', '2026-11-25T11:59:00Z'], [B, A]],
    ['how many', ['--limit', '1'], [B]],
    ['several of them', ['--type', 'manual', '--state', 'revoked', '--since', '2h', '--limit', '7'], [A]],
  ])('chooses by %s', async (_name, argv, expected) => {
    const ops = await operations();
    put(ops, { session: A, created: ops.now() - 60 });
    put(ops, { session: B, type: 'automatic', created: ops.now() - 30 });
    put(ops, { session: C, state: 'lifted', created: ops.now() - 90 });
    expect(sessions(await ops.run(['sessions', 'list', '--json', ...argv]))).toEqual(expected);
  });

  it('says that there are older ones, and finds few among many', async () => {
    const ops = await operations();
    many(ops, 2_500);
    put(ops, { session: A, state: 'lifted', created: ops.now() - 2_400 });
    const some = await ops.run(['sessions', 'list']);
    expect(some.stdout.trimEnd().split('\n')).toHaveLength(52);
    expect(some.stdout).toContain('There are older ones: --limit takes up to 1000');
    const most = await ops.run(['sessions', 'list', '--limit', '1000', '--json']);
    expect([sessions(most).length, json(most).more, new Set(sessions(most)).size]).toEqual([1_000, true, 1_000]);
    expect(sessions(await ops.run(['sessions', 'list', '--state', 'lifted', '--json']))).toEqual([A]);
  });

  it('cuts reasons, and lets none drive the terminal', async () => {
    const ops = await operations();
    put(ops, { session: A, reason: `\u001b[31m\u202e${'x'.repeat(100)}` });
    const { stdout } = await ops.run(['sessions', 'list']);
    expect([stdout.includes('\u001b'), stdout.includes('\u202e')]).toEqual([false, false]);
    expect(stdout.trimEnd().endsWith('x…')).toBe(true);
  });

  it('calls a row that nobody has taken away yet expired, and leaves out what is none', async () => {
    const ops = await operations();
    put(ops, { session: A, expires: ops.now() - 1 });
    ops.table.set(B, { id: { S: B }, type: { S: 'manual' }, created: { N: String(ops.now()) } });
    const { stdout } = await ops.run(['sessions', 'list']);
    expect(stdout).toMatch(new RegExp(`${A} {2}manual {2}expired .* 1 s ago`));
    expect(stdout).not.toContain(B);
  });

  it.each([
    ['--type', 'other'],
    ['--state', 'gone'],
    ['--limit', '0'],
    ['--limit', '1001'],
    ['--limit', 'x'],
    ['--since', 'yesterday'],
    ['--since', '2027-01-01'],
  ])('takes %s %s for a mistake', async (option, value) => {
    const ops = await operations();
    expect([(await ops.run(['sessions', 'list', option, value])).code, ops.operations()]).toEqual([2, []]);
  });
});

describe('sessions show', () => {
  it('says why and until when a session is refused', async () => {
    const ops = await operations();
    put(ops, { session: A, type: 'automatic', score: 7, reason: 'many networks', created: ops.now() - HOUR });
    const ran = await ops.run(['sessions', 'show', A]);
    expect([ran.code, ran.stdout]).toEqual([
      0,
      `session  ${A}
state    revoked
edge     is to refuse it (410 session_revoked)
type     automatic
reason   many networks
score    7
created  2026-11-25 11:00:00 UTC (1 h ago)
ends     2026-11-25 16:00:00 UTC (in 4 h)
`,
    ]);
    expect(ops.operations().at(-1)).toBe('dynamodb:GetItem');
    expect(json(await ops.run(['sessions', 'show', A, '--json']))).toMatchObject({
      session: A,
      state: 'revoked',
      score: 7,
    });
  });

  it.each([
    ['lifted', { state: 'lifted' as const }],
    ['expired', { expires: 1 }],
  ])('of one that is %s says that it plays', async (shown, row) => {
    const ops = await operations();
    put(ops, { session: A, reason: '', ...row });
    const { stdout } = await ops.run(['sessions', 'show', A]);
    expect(stdout).toContain(`state    ${shown}\nedge     is to let it pass\n`);
    expect(stdout).toContain('reason   -\n');
  });

  it('takes a token, of which it shows the id only', async () => {
    const ops = await operations();
    put(ops, { session: A });
    const claims = { aud: 'acme/dev', iat: 1, exp: 2, paths: ['/live/'], ssn: A };
    const ran = await ops.run(['sessions', 'show', signToken({ key: testKey('k'), claims, session: A })]);
    expect([ran.code, printed(ran).includes('eyJ')]).toEqual([0, false]);
  });

  it('says that a session is unknown', async () => {
    const ops = await operations();
    const ran = await ops.run(['sessions', 'show', A, '--json']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7914']]);
    expect((await ops.run(['sessions', 'show', 'nonsense'])).code).toBe(1);
    expect((await ops.run(['sessions', 'show'])).code).toBe(2);
    expect((await ops.run(['sessions', 'show', A, B])).code).toBe(2);
  });

  it('does not take a row that somebody made a mess of for a session that plays', async () => {
    const ops = await operations();
    await ops.must(['revoke', A]);
    await ops.follow();
    ops.table.set(A, { id: { S: A }, state: { S: 'revoked' } });
    for (const argv of [
      ['sessions', 'show', A],
      ['unrevoke', A],
    ]) {
      const ran = await ops.run([...argv, '--json']);
      expect([ran.code, codes(ran)]).toEqual([1, ['EP7917']]);
      // The worker leaves the edge as it was.
      expect(await ops.follow()).toEqual([`r.${A}`]);
    }
    await ops.must(['revoke', A]);
    await ops.must(['unrevoke', A]);
    expect(await ops.follow()).toEqual([]);
  });
});
