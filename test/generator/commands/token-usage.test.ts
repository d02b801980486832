/** Mistakes in the arguments, help pages, and the command as a process. */
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDuration, readTime } from '../../../generator/commands/times.ts';
import { relative, utc } from '../../../generator/report/time-text.ts';
import { root } from '../../helpers/config.ts';
import { signToken } from '../../helpers/sign.ts';
import { AT, CONFIG, KEY, NOW, tokenProject, VIEWER } from './token-project.ts';

const URL = 'https://media.example.com/live/ch1/index.m3u8';
const CREATE = ['create', '--url', URL, '--key', 'key.json'];
const VERIFY = ['verify', URL, '--key', 'key.json'];
const TOKEN = signToken({ key: KEY, claims: { iat: NOW } });

describe('arguments', () => {
  it.each<[why: string, argv: string[]]>([
    ['no verb', []],
    ['an unknown verb', ['creat']],
    ['a token for a verb', [TOKEN]],
    ['no URL', ['create', '--key', 'key.json']],
    ['no key', ['create', '--url', URL]],
    ['no key', ['verify', URL]],
    ['no token', ['decode']],
    ['two tokens', ['decode', TOKEN, TOKEN]],
    ['no duration', [...CREATE, '--ttl', 'long']],
    ['a negative duration', [...CREATE, '--ttl=-1h']],
    ['a value that begins with a dash', [...CREATE, '--session', '-abc']],
    ['no address', [...CREATE, '--ip', '203.0.113.300']],
    ['no header', [...CREATE, '--header', 'user-agent']],
    ['a header that breaks the line', [...CREATE, '--header', 'a: b\r\nc: d']],
    ['a header without a name', [...CREATE, '--header', ': x']],
    ['another host', [...VERIFY, '--header', 'Host: x']],
    ['no country', [...CREATE, '--country', 'France']],
    ['two countries', [...CREATE, '--country', 'FR', '--region', 'US-CA']],
    ['a region without its country', [...CREATE, '--region', 'CA']],
    ['a region in small letters', [...VERIFY, '--region', 'fr-idf']],
    ['no time', [...CREATE, '--at', 'yesterday']],
    ['milliseconds', [...CREATE, '--at', String(NOW * 1000)]],
    ['no day', ['decode', TOKEN, '--at', '2027-02-40']],
    ['no method', [...VERIFY, '--method', 'get it']],
    ['no cookie', [...VERIFY, '--cookie', 'pass']],
    ['two cookies in one', [...VERIFY, '--cookie', 'a=b; c=d']],
    ['no mode', [...VERIFY, '--mode', 'off']],
    ['an empty value', [...VERIFY, '--revoked', '']],
    ['an unknown option', [...VERIFY, '--revoke', 'x']],
    ['a key as an option', [...VERIFY, `--${KEY.sign}`]],
    ['a key behind a dot', [...VERIFY, `--x.${KEY.sign}`]],
    ['a key as a value', [...VERIFY, `--sign=${KEY.sign}`]],
  ])('wrong: %s', async (_why, argv) => {
    const project = await tokenProject();
    const { code, stdout, stderr } = await project.token(argv);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/hint: \S|Usage:/);
    for (const secret of [KEY.sign, TOKEN]) expect(stdout + stderr).not.toContain(secret);
  });

  it('must name the environment where there are several', async () => {
    const project = await tokenProject();
    await project.write('config.yaml', `${CONFIG}  prod: {account: "222222222222", region: eu-west-1}\n`);
    expect(await project.token(VERIFY)).toMatchObject({ code: 2, stderr: expect.stringContaining('dev, prod') });
    expect((await project.token([...VERIFY, '--env', 'dev'])).stdout).toBe('refused: 401 token_missing\n');
    expect(await project.token([...VERIFY, '--env', 'prod'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP6003'),
    });
    expect(await project.token([...VERIFY, '--env', 'prd'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP1401'),
    });
  });

  it('may name a URL that is none', async () => {
    const project = await tokenProject();
    for (const url of [
      '',
      ' ',
      'x',
      'https://',
      'https://user@media.example.com/',
      'ftp://a/b',
      `https://a/?${'é'}`,
      'https://a b/',
    ])
      expect(await project.token(['verify', `${url} `, '--key', 'key.json'])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('EP6031'),
      });
  });

  it('may go to the limits of time', async () => {
    const project = await tokenProject();
    for (const at of ['0', '9999999999', '2286-11-20T17:46:39Z'])
      for (const argv of [VERIFY, ['explain', ...VERIFY.slice(1)], ['decode', TOKEN], CREATE])
        expect((await project.token([...argv, '--at', at])).code).toBeLessThan(2);
    expect(
      (await project.token([...VERIFY, '--at', '9999999999', '--mode', 'report', '--void-before', '9999999999'])).code,
    ).toBe(1);
  });

  it('a broken configuration comes first', async () => {
    const project = await tokenProject();
    await project.write('config.yaml', CONFIG.replace('lifetime: 4h', 'lifetme: 4h'));
    for (const argv of [CREATE, VERIFY, ['key']])
      expect(await project.token(argv)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('EP1101'),
      });
    expect((await project.token(['decode', TOKEN])).stdout).toContain('trial-1');
  });
});

describe('help', () => {
  it.each(['create', 'decode', 'verify', 'explain', 'key'])('of token %s says what there is', async (verb) => {
    const project = await tokenProject();
    const { code, stdout } = await project.token([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: edgepass token ${verb} `);
    expect(stdout.split('\n').every((line) => line.length <= 130)).toBe(true);
    expect((await project.token([])).stdout).toContain(`\n  ${verb} `);
  });

  it('says how to get the key from AWS', async () => {
    const project = await tokenProject();
    expect((await project.token(['create', '--help'])).stdout).toContain('aws secretsmanager get-secret-value');
  });
});

describe('times', () => {
  it('are read as people write them', () => {
    for (const text of [
      '1800000000',
      '2027-01-15T08:00:00Z',
      '2027-01-15 08:00',
      '2027-01-15T09:00:00+01:00',
      '2027-01-15T08:00:00.000',
    ])
      expect(readTime(text, 'at')).toBe(NOW);
    expect(readTime('2027-01-15', 'at')).toBe(NOW - 8 * 3600);
    expect(['30', '30s', '2m', '2h', '1d'].map((text) => readDuration(text, 'ttl'))).toEqual([
      30, 30, 120, 7200, 86_400,
    ]);
  });

  it('are said in words', () => {
    expect([0, 59, 60, 3599, 3600, 90_000, 90_061].map((s) => relative(NOW + s, NOW + 0.9))).toEqual([
      'now',
      'in 59 s',
      'in 1 min',
      'in 59 min 59 s',
      'in 1 h',
      'in 1 d 1 h',
      'in 1 d 1 h',
    ]);
    expect(relative(NOW - 7260, NOW)).toBe('2 h 1 min ago');
    expect(utc(NOW)).toBe('2027-01-15 08:00:00 UTC');
    expect(utc(1e15)).toBe('no time of the calendar');
  });
});

describe('as a process', () => {
  const edgepass = (
    cwd: string,
    args: string[],
    input = '',
  ): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'token', ...args], {
      cwd,
      input,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
    });

  it('goes from no key to an explained request', async () => {
    const { folder } = await tokenProject();
    expect(edgepass(folder, ['key', 'trial.json']).status).toBe(0);
    const made = edgepass(folder, ['create', '--key', 'trial.json', '--url', URL, ...VIEWER]);
    expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^https:\S+\n$/) });
    const explained = edgepass(
      folder,
      ['explain', '-', '--key', 'trial.json', ...VIEWER, '--country', 'FR'],
      made.stdout,
    );
    expect(explained).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('\nforwarded\n') });
    expect(edgepass(folder, ['decode', '-'], made.stdout)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('not verified'),
    });
  });

  it('ends with 1 for a refusal, with 2 for a mistake, and without a stack trace for garbage', async () => {
    const { folder } = await tokenProject();
    expect(edgepass(folder, [...VERIFY, ...AT])).toMatchObject({ status: 1, stdout: 'refused: 401 token_missing\n' });
    expect(edgepass(folder, ['verify', URL])).toMatchObject({ status: 2, stderr: expect.stringContaining('hint:') });
    chmodSync(join(folder, 'key.json'), 0);
    for (const [args, input] of [
      [['verify', URL, '--key', '-'], '\u0000\u0001'],
      [['decode', '-'], '\u0000.\u0000.\u0000'],
      [['decode', '-'], 'e'.repeat(200_000)],
    ] as const) {
      const { status, stderr } = edgepass(folder, [...args], input);
      expect(status).toBe(1);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(stderr).toMatch(/hint: \S/);
    }
  });

  it('reads a key from a pipe', async () => {
    const { folder } = await tokenProject();
    const command = `"$0" "$1" token ${[...VERIFY.slice(0, 2), ...AT].join(' ')} --key <(cat key.json)`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, join(root, 'dist/cli.js')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: 'refused: 401 token_missing\n', stderr: '' });
  });
});
