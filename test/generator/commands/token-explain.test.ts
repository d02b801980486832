import { describe, expect, it } from 'vitest';
import { encodeState } from '../../../runtime/keys/state.ts';
import { root } from '../../helpers/config.ts';
import { testKey } from '../../helpers/sign.ts';
import { AGENT, AT, KEY, NOW, RECORD, SESSION, type TokenProject, tokenProject, VIEWER } from './token-project.ts';

const golden = (name: string): string => `${root}/test/generator/commands/golden/${name}.txt`;
const CHECK = ['--key', 'key.json', ...AT];
const FRENCH = [...CHECK, ...VIEWER, '--country', 'FR'];

/** Changes one character of the payload. */
const forged = (url: string): string =>
  url.replace(/(eyJ[\w-]+\.[\w-]{40})(.)/, (_, before: string, c: string) => before + (c === 'A' ? 'B' : 'A'));

/** What nobody is to find in an output: the signature and payload of a token, and the keys. */
function expectNoSecret(text: string, url = ''): void {
  for (const secret of [KEY.sign, KEY.bind, ...url.split(/[./]/).filter((part) => part.length > 40)])
    expect(text).not.toContain(secret);
}

async function explained(project: TokenProject, url: string, options: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.token(['explain', url, ...options]);
  expect(stderr).toBe('');
  expectNoSecret(stdout, url);
  return `exit code ${code}\n\n${stdout}`;
}

describe('edgepass token explain', () => {
  it('shows a request that is forwarded', async () => {
    const project = await tokenProject();
    const text = await explained(project, await project.url(), FRENCH);
    await expect(text).toMatchFileSnapshot(golden('token-explain-forwarded'));
  });

  it('shows a request that is refused, and what to do', async () => {
    const project = await tokenProject();
    const text = await explained(project, await project.url(), [...FRENCH, '--at', '2027-01-15T13:00:00Z']);
    await expect(text).toMatchFileSnapshot(golden('token-explain-expired'));
  });

  it('shows what the mode of a stream holds back', async () => {
    const project = await tokenProject();
    const url = await project.url('--url', 'https://media.example.com/vod/film/1.m4s?quality=1');
    const text = await explained(project, forged(url), [
      ...CHECK,
      '--header',
      AGENT,
      '--cookie',
      'a=b',
      '--cookie',
      'c=d',
    ]);
    await expect(text).toMatchFileSnapshot(golden('token-explain-report'));
  });

  it('shows a preflight', async () => {
    const project = await tokenProject();
    const options = [
      '--method',
      'OPTIONS',
      '--header',
      'origin: https://x.example',
      '--header',
      'Access-Control-Request-Method: GET',
    ];
    const { code, stdout } = await project.token(['explain', await project.url(), ...CHECK, ...options]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('answered: 204') });
  });

  it('gives programs all of it, without token, signature, MAC and key', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const { code, stdout } = await project.token(['explain', url, ...FRENCH, '--json']);
    expect(code).toBe(0);
    expectNoSecret(stdout, url);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({
      ok: true,
      outcome: 'forwarded',
      reason: '',
      mode: 'enforce',
      stream: 'live',
      claims: { iat: NOW, exp: NOW + 14_400, ssn: SESSION },
      forwarded: { uri: '/live/ch1/index.m3u8', origin: 'packager' },
      diagnostics: [],
    });
    expect(said.claims).not.toHaveProperty('intsig');
    expect(said.steps.every((step: { outcome: string }) => step.outcome !== 'failed')).toBe(true);
  });

  it('masks a token wherever it stands in the request', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const token = url.split('/')[3] as string;
    const places = ['--header', `x-copy: ${token}`, '--cookie', `copy=${token}`];
    for (const json of [[], ['--json']]) {
      const { code, stdout } = await project.token(['explain', `${url}?copy=${token}`, ...FRENCH, ...places, ...json]);
      expect(code).toBe(0);
      expect(stdout).toContain('copy');
      expectNoSecret(stdout, url);
    }
  });

  it('uses colors where they are wanted, and only there', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const { run } = await import('../../helpers/fake-io.ts');
    const colored = await run(['token', 'explain', url, ...FRENCH], { cwd: project.folder, color: true });
    const plain = await project.token(['explain', url, ...FRENCH]);
    const ESCAPE = String.fromCharCode(27);
    expect(colored.stdout).toContain(`${ESCAPE}[32m`);
    expect(plain.stdout).not.toContain(ESCAPE);
    expect(colored.stdout.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(plain.stdout);
  });

  it('lets no control character through', async () => {
    const project = await tokenProject();
    const { stdout } = await project.token(['explain', 'https://media.example.com/live/\u001b[2J\u0007', ...CHECK]);
    expect(stdout).toContain('path_not_canonical');
    for (const character of ['\u001b', '\u0007']) expect(stdout).not.toContain(character);
  });
});

describe('edgepass token verify', () => {
  const verdict = async (project: TokenProject, url: string, ...options: string[]): Promise<[number, string]> => {
    const { code, stdout } = await project.token(['verify', url, ...FRENCH, ...options]);
    return [code, stdout.trim()];
  };

  it('says in one line what the edge does', async () => {
    const project = await tokenProject();
    const url = await project.url();
    expect(await verdict(project, url)).toEqual([0, 'forwarded']);
    expect(await verdict(project, url.replace('/ch1/', '/ch2/'))).toEqual([1, 'refused: 403 path_not_allowed']);
    expect(await verdict(project, forged(url))).toEqual([1, 'refused: 401 signature_invalid']);
    expect(await verdict(project, url, '--method', 'POST')).toEqual([1, 'refused: 403 method_not_allowed']);
    expect(await verdict(project, url.replace(/\/[^/]*(?=\/live)/, ''))).toEqual([1, 'refused: 401 token_missing']);
    expect(await verdict(project, url.replace('/ch1/', '/x/../ch1/'))).toEqual([1, 'refused: 400 path_not_canonical']);
  });

  it("takes the moment, revocations, voiding and the operator's mode from options", async () => {
    const project = await tokenProject();
    const url = await project.url();
    expect(await verdict(project, url, '--at', String(NOW + 14_400))).toEqual([1, 'refused: 401 token_expired']);
    expect(await verdict(project, url, '--revoked', 'another-session-of-22c')).toEqual([0, 'forwarded']);
    expect(await verdict(project, url, '--revoked', 'x'.repeat(16), '--revoked', SESSION)).toEqual([
      1,
      'refused: 410 session_revoked',
    ]);
    expect(await verdict(project, url, '--void-before', String(NOW + 1))).toEqual([1, 'refused: 410 token_voided']);
    expect(await verdict(project, forged(url), '--mode', 'report')).toEqual([
      0,
      'forwarded, because the mode is report; enforced it would be refused: signature_invalid',
    ]);
    const vod = await project.url('--url', 'https://media.example.com/vod/1.mp4', '--ttl', '60');
    expect((await verdict(project, vod, '--at', String(NOW + 60)))[0]).toBe(0);
    expect(await verdict(project, vod, '--at', String(NOW + 60), '--mode', 'enforce')).toEqual([
      1,
      'refused: 401 token_expired',
    ]);
  });

  it('describes the viewer by options', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const asked = (...options: string[]): Promise<{ code: number; stdout: string }> =>
      project.token(['verify', url, ...CHECK, ...options]);
    expect((await asked('--ip', '203.0.113.1', '--header', AGENT, '--country', 'BE')).code).toBe(0);
    expect((await asked('--ip', '203.0.112.1', '--header', AGENT, '--country', 'BE')).stdout).toContain(
      'binding_mismatch',
    );
    expect((await asked(...VIEWER, '--country', 'DE')).stdout).toContain('451 geo_not_allowed');
    expect((await asked(...VIEWER, '--region', 'FR-IDF')).code).toBe(0);
    expect((await asked(...VIEWER, '--header', 'CloudFront-Viewer-Country: FR')).code).toBe(0);
    expect((await asked(...VIEWER, '--country', 'FR', '--header', AGENT)).stdout).toContain('binding_mismatch');
  });

  it('reads the token where the stream carries it', async () => {
    const project = await tokenProject();
    const create = (url: string): Promise<string> => project.url('--url', url);
    const check = async (url: string, ...more: string[]): Promise<string> =>
      (await project.token(['verify', url, ...CHECK, ...more])).stdout;
    expect(await check(await create('https://media.example.com/clips/1.mp4'))).toBe('forwarded\n');
    const [news = '', cookie = ''] = (await create('https://media.example.com/news/1.mp4')).split('\n');
    expect(cookie).toMatch(/^cookie: pass=[\w.-]+$/);
    expect(await check(news)).toContain('token_missing');
    expect(await check(news, '--cookie', cookie.slice('cookie: '.length))).toBe('forwarded\n');
    expect(await check(news, '--header', `a: b`, '--header', cookie)).toBe('forwarded\n');
    const [app = '', header = ''] = (await create('https://media.example.com/app/1.mp4')).split('\n');
    expect(await check(app, '--header', header)).toBe('forwarded\n');
  });

  it('reads URL or key from standard input', async () => {
    const project = await tokenProject();
    const url = await project.url();
    expect(await project.token(['verify', '-', ...FRENCH], `${url}\n`)).toMatchObject({
      code: 0,
      stdout: 'forwarded\n',
    });
    const key = JSON.stringify(RECORD);
    const options = ['--key', '-', ...AT, ...VIEWER, '--country', 'FR'];
    expect(await project.token(['verify', url, ...options], `\n${key}\n`)).toMatchObject({
      code: 0,
      stdout: 'forwarded\n',
    });
    expect(await project.token(['verify', '-', ...options], key)).toMatchObject({ code: 2 });
  });

  it('takes a key record and an edge state as well', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const other = testKey('other');
    const verify = async (
      content: string,
      ...more: string[]
    ): Promise<{ code: number; stdout: string; stderr: string }> => {
      await project.write('other', content);
      return project.token(['verify', url, ...FRENCH, '--key', 'other', ...more]);
    };
    const times = { created: NOW - 9000, published: NOW - 8000 };
    const used = { ...times, signFrom: NOW - 7000, signUntil: NOW + 900, longestLifetime: 14_400 };
    const record = (...keys: object[]): string => JSON.stringify({ version: 1, audience: RECORD.audience, keys });
    const signing = { ...KEY, state: 'signing', ...used };
    expect((await verify(record(signing))).stdout).toBe('forwarded\n');
    const spare = { ...KEY, state: 'spare', created: NOW };
    expect((await verify(record({ ...other, state: 'signing', ...used }, spare))).stdout).toContain('key_unknown');
    expect(await verify(record(spare))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('EP6005'),
    });
    const state = { audience: RECORD.audience, keys: [other, KEY], voidBefore: 0 };
    expect((await verify(encodeState(state))).stdout).toBe('forwarded\n');
    expect((await verify(`${encodeState({ ...state, voidBefore: NOW + 1 })}\n`)).stdout).toContain('token_voided');
    const override = { mode: 'report', until: NOW + 10 } as const;
    expect((await verify(encodeState({ ...state, voidBefore: NOW + 1, override }))).code).toBe(0);
  });

  it('checks as the module with the edge function is set', async () => {
    const project = await tokenProject();
    const { CONFIG } = await import('./token-project.ts');
    const check = (): Promise<{ code: number; stdout: string }> =>
      project.token(['explain', 'https://media.example.com/free/a', ...CHECK]);
    expect((await check()).stdout).toContain('x-edgepass-reason: path_not_allowed');
    await project.write('config.yaml', `${CONFIG}modules: {base: {edge: {exposeReason: false}}}\n`);
    expect((await check()).stdout).not.toContain('x-edgepass-reason');
    await project.write('config.yaml', `${CONFIG}modules: {base: {edge: {unmatched: pass}}}\n`);
    expect(await check()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('forwarded: the path belongs to no stream'),
    });
  });

  it('gives programs the verdict as a diagnostic too', async () => {
    const project = await tokenProject();
    const { code, stdout } = await project.token(['verify', await project.url(), ...CHECK, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      outcome: 'refused',
      status: 451,
      reason: 'geo_not_allowed',
      diagnostics: [{ code: 'EP6032' }],
    });
  });
});
