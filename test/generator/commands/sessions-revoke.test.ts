/** `revoke`: what it takes, what it writes, and what is left when the table does not take it all. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../../generator/commands/command.ts';
import { LIFETIME, OUTPUTS, operations, printed } from '../../helpers/operations.ts';
import { signToken, testKey } from '../../helpers/sign.ts';
import { codes, json, many, row, rows, writes } from './sessions-rows.ts';

const A = 'Ab0_-Ab0_-Ab0_-Ab0_-Ab';
const B = 'b'.repeat(16);
const C = `-${'c'.repeat(63)}`;
const SKEW = 120;

const CLAIMS = { aud: 'acme/dev', iat: 1, exp: 2, paths: ['/live/'] };
const tokenOf = (ssn?: string): string =>
  signToken({ key: testKey('k'), claims: { ...CLAIMS, ...(ssn === undefined ? {} : { ssn }) }, session: ssn });
const signature = (token: string): string => token.split('.').at(-1) ?? '';

const stdin = (text: string): Partial<Io> => ({
  stdin: (async function* () {
    yield text;
  })(),
});

describe('revoke', () => {
  it('refuses a session until the last token of it has expired, for a reason', async () => {
    const ops = await operations();
    const now = ops.now();
    const ran = await ops.run(['revoke', A, '--reason', ' shared on a forum ', '--env', 'dev']);
    expect([ran.code, ran.stderr, ran.stdout]).toEqual([
      0,
      '',
      `${A}  revoked until 2026-11-25 16:02:00 UTC (in 4 h 2 min)\n`,
    ]);
    expect(row(ops, A)).toEqual({
      session: A,
      state: 'revoked',
      type: 'manual',
      reason: 'shared on a forum',
      created: now,
      expires: now + LIFETIME + SKEW,
    });
    expect(await ops.follow()).toEqual([`r.${A}`]);
    expect(ops.operations()).toEqual([
      'sts:GetCallerIdentity',
      'cloudformation:DescribeStacks',
      'dynamodb:BatchWriteItem',
    ]);
  });

  it.each<[string, string, string]>([
    ['an id', A, A],
    ['the shortest id', B, B],
    ['the longest id, which begins with a dash', C, C],
    ['a token', tokenOf(A), A],
    ['a token that begins with a dash', tokenOf(C), C],
    ['a playback URL', `https://media.example.com/${tokenOf(A)}/live/ch1/index.m3u8?x=1`, A],
    ['a URL with its token in the query', `https://media.example.com/live/index.m3u8?a=b&token=${tokenOf(A)}`, A],
    ['a URL that a message has cut', `https://media.example.com/${tokenOf(A).slice(0, 80)}`, A],
    ['a path', `/${tokenOf(A)}/live/ch1/index.m3u8`, A],
    ['blanks around it', `  ${A}\t`, A],
  ])('takes %s, and of a token writes and prints the id only', async (_name, given, session) => {
    const ops = await operations();
    const ran = await ops.run(['revoke', given]);
    expect([ran.code, rows(ops)]).toEqual([0, [session]]);
    expect(ran.stdout).toMatch(new RegExp(`^${session} {2}revoked until`));
    const written = JSON.stringify(ops.aws.calls) + printed(ran);
    expect(written).not.toContain('eyJ');
    if (given.includes('eyJ')) expect(written).not.toContain(signature(given));
  });

  it.each<[string, string, RegExp]>([
    ['a short id', 'short', /Argument 1 is no session\. Nothing was changed\./],
    ['an id that is too long', 'x'.repeat(65), /is no session/],
    ['a word with a dot', 'media.example.com', /is no session/],
    ['a token without a session', tokenOf(), /is a URL or a token without a session/],
    ['a URL without a token', 'https://media.example.com/live/', /is a URL or a token without a session/],
    [
      'a URL with such a token',
      `https://media.example.com/${tokenOf()}/live/`,
      /is a URL or a token without a session/,
    ],
    ['a token whose session is too short', `short.${tokenOf()}`, /is no session/],
  ])('does not take %s, prints nothing of it, and asks nothing of AWS', async (_name, given, said) => {
    const ops = await operations();
    for (const more of [[], ['--json']]) {
      const ran = await ops.run(['revoke', A, given, ...more]);
      expect([ran.code, ops.operations(), rows(ops)]).toEqual([1, [], []]);
      expect(printed(ran)).toMatch(said.source.includes('Argument') ? /Argument 2 is no session/ : said);
      expect(printed(ran)).not.toMatch(/eyJ|x{20}|example/);
    }
  });

  it('says of a token without a session what reaches it', async () => {
    const ops = await operations();
    const ran = await ops.run(['revoke', tokenOf(), '--json']);
    expect([codes(ran), json(ran).diagnostics[0].hint]).toEqual([['EP7911'], expect.stringContaining('edgepass void')]);
  });

  it('needs a session', async () => {
    const ops = await operations();
    expect((await ops.run(['revoke'])).code).toBe(2);
  });

  it('a second time wins over what was there, also over what was lifted or found automatically', async () => {
    const ops = await operations();
    ops.table.set(A, {
      id: { S: A },
      state: { S: 'lifted' },
      type: { S: 'automatic' },
      reason: { S: 'many networks' },
      score: { N: '7' },
      created: { N: '1' },
      expires: { N: '2' },
    });
    await ops.must(['revoke', A, '--reason', 'sure']);
    expect(row(ops, A)).toMatchObject({ state: 'revoked', type: 'manual', reason: 'sure' });
    expect(await ops.follow()).toEqual([`r.${A}`]);
  });
});

describe('revoke --expires', () => {
  it('says that a token may outlive the revocation, and does what was asked', async () => {
    const ops = await operations();
    const now = ops.now();
    const ran = await ops.run(['revoke', A, '--expires', '1h', '--json']);
    expect([ran.code, codes(ran), row(ops, A)?.expires]).toEqual([0, ['EP7915'], now + 3600]);
    expect(json(ran).diagnostics[0]).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('2026-11-25 16:02:00 UTC'),
    });
  });

  it.each([
    ['a duration', '12h', 12 * 3600],
    ['a time', '2026-11-26T12:00:00Z', 86_400],
    ['just long enough', '14520s', LIFETIME + SKEW],
  ])('takes %s, and warns of nothing', async (_name, text, seconds) => {
    const ops = await operations();
    const now = ops.now();
    const ran = await ops.run(['revoke', A, '--expires', text]);
    expect([ran.code, ran.stderr, row(ops, A)?.expires]).toEqual([0, '', now + seconds]);
  });

  it.each(['2026-11-24', 'soon', '', '99999999999'])('takes %j for a mistake', async (text) => {
    const ops = await operations();
    expect([(await ops.run(['revoke', A, '--expires', text])).code, ops.operations()]).toEqual([2, []]);
  });

  it('is needed where the deployment does not say how long tokens live', async () => {
    for (const LongestLifetime of ['none', '0', 'soon']) {
      const ops = await operations({ outputs: { ...OUTPUTS, LongestLifetime } });
      const ran = await ops.run(['revoke', A, '--json']);
      expect([ran.code, codes(ran), rows(ops)]).toEqual([1, ['EP7916'], []]);
      expect((await ops.run(['revoke', A, '--expires', '24h'])).code).toBe(0);
    }
  });
});

describe('revoke --reason', () => {
  it.each([
    ['over 200 characters', 'x'.repeat(201)],
    ['more than a line', 'one\ntwo'],
    ['what drives a terminal', 'red \u001b[31m'],
    ['a playback URL with its token', `see https://media.example.com/${tokenOf(A)}/live/index.m3u8`],
    ['a token', tokenOf()],
  ])('is not %s, which is not repeated', async (_name, reason) => {
    const ops = await operations();
    const ran = await ops.run(['revoke', A, `--reason=${reason}`]);
    expect([ran.code, ops.operations(), rows(ops)]).toEqual([2, [], []]);
    expect(printed(ran)).not.toMatch(/xxxx|eyJ|two/);
  });

  it('may have 200 characters, begin with a dash, and is optional', async () => {
    const ops = await operations();
    for (const reason of ['é'.repeat(200), '-leaked-on-a-forum-with-dashes']) {
      await ops.must(['revoke', A, '--reason', reason]);
      expect([row(ops, A)?.reason, rows(ops)]).toEqual([reason, [A]]);
    }
    await ops.must(['revoke', A]);
    expect(row(ops, A)?.reason).toBe('');
  });
});

describe('revoke --file', () => {
  it('takes a line each, once each, with comments and blank lines, beside arguments', async () => {
    const ops = await operations();
    const lines = [
      '\ufeff# leaked on a forum',
      '',
      A,
      `  ${B}\r`,
      `https://media.example.com/${tokenOf(A)}/x`,
      '   # more',
      C,
    ];
    await writeFile(join(ops.folder, 'leaked.txt'), lines.join('\n'));
    const ran = await ops.run(['revoke', B, '--file', 'leaked.txt']);
    expect([ran.code, rows(ops).sort()]).toEqual([0, [A, B, C].sort()]);
    expect(ran.stdout.split('\n').filter(Boolean)).toHaveLength(3);
  });

  it('takes standard input', async () => {
    const ops = await operations();
    const ran = await ops.run(['revoke', '--file', '-'], stdin(`${A}\n${B}\n`));
    expect([ran.code, rows(ops)]).toEqual([0, [A, B]]);
  });

  it('names the lines that are no sessions, and writes none of the others', async () => {
    const ops = await operations();
    await writeFile(join(ops.folder, 'leaked.txt'), ['# ids', A, 'nonsense', '', tokenOf(), B].join('\n'));
    const ran = await ops.run(['revoke', '--file', 'leaked.txt', '--json']);
    expect([ran.code, rows(ops), ops.operations()]).toEqual([1, [], []]);
    expect(json(ran).diagnostics.map(({ code, place }: { code: string; place: object }) => [code, place])).toEqual([
      ['EP7911', { file: 'leaked.txt', line: 3 }],
      ['EP7911', { file: 'leaked.txt', line: 5 }],
    ]);
    const shown = await ops.run(['revoke', '--file', '-'], stdin(`${A}\n\nnonsense\n`));
    expect(shown.stderr).toContain('standard input:3: error EP7911 Line 3 is no session. Nothing was changed.');
    expect(printed(shown)).not.toContain('nonsense');
  });

  it('of the wrong kind fills neither the terminal nor the log', async () => {
    const ops = await operations();
    await writeFile(join(ops.folder, 'wrong.txt'), 'nonsense\n'.repeat(5_000));
    const env = { ...ops.aws.environment(), GITHUB_ACTIONS: 'true' };
    const ran = await ops.run(['revoke', '--file', 'wrong.txt'], { env });
    expect(printed(ran).length).toBeLessThan(20_000);
    expect(printed(ran)).toContain('4980 more');
  });

  it.each<[string, string | Buffer | undefined]>([
    ['is not there', undefined],
    ['is empty', ' \n'],
    ['is no text', Buffer.from([0xff, 0xfe, 0x41])],
    ['has no session in it', '# nothing yet\n'],
  ])('that %s is said to be so', async (_name, content) => {
    const ops = await operations();
    if (content !== undefined) await writeFile(join(ops.folder, 'leaked.txt'), content);
    const ran = await ops.run(['revoke', '--file', 'leaked.txt', '--json']);
    expect([ran.code, codes(ran), ops.operations()]).toEqual([1, ['EP7912'], []]);
  });

  it('takes a hundred thousand lines, tells how far it is, and lists none of them', async () => {
    const ops = await operations();
    const sessions = many(100_000);
    await writeFile(join(ops.folder, 'leaked.txt'), sessions.join('\n'));
    const ran = await ops.run(['revoke', '--file', 'leaked.txt', '--reason', 'leak 42']);
    expect([ran.code, rows(ops).length, writes(ops)]).toEqual([0, 100_000, 4_000]);
    expect(ran.stdout).toMatch(/^100000 sessions {2}revoked until 2026-11-25 16:02:00 UTC \(in 4 h 2 min\)\n$/);
    expect(ran.stderr).toMatch(/ {2}revoke {2}\d+ of 100000\n/);
    expect(ran.stderr.split('\n').at(-2)).toMatch(/ {2}revoke {2}100000 of 100000$/);
    expect(row(ops, sessions[99_999] ?? '')).toMatchObject({ reason: 'leak 42', state: 'revoked' });
  });
});
