/**
 * `edgepass/token` in a project of its own: nothing is installed but the package as it is published, without its dependencies,
 * without any AWS SDK and without our sources' settings.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';
import { testKey } from '../helpers/sign.ts';

const now = Math.floor(Date.now() / 1000);
const KEY = testKey('library-1');
const record = { version: 1, audience: 'acme/prod', ...KEY, signFrom: now - 60, signUntil: now + 86_400 };

/** What every consumer does, in the language that all of them share. */
const BODY = `
const policies = {
  subscriber: { lifetime: 3600, countries: ['FR'], bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] } },
} as const;
const streams = { live: { paths: ['/live/'], policy: 'subscriber' } } as const;
const record: IssuerRecord = ${JSON.stringify(record)};
async function main(): Promise<void> {
  const issuer = createIssuer({ audience: 'acme/prod', policies, streams, keys: fixedKey(record), domains: { main: { host: 'media.example.com' }, ads: { host: 'ads.example.com' } } });
  const issued = await issuer.issue({ policy: 'subscriber', url: 'https://media.example.com/live/a/b.m3u8', viewer: { ip: '203.0.113.7', headers: { 'user-agent': 'Player' } }, domains: ['ads'] });
  const later = createIssuer({ audience: 'acme/prod', policies, streams, keys: secretsManagerKey({ secretId: 'record', region: 'eu-west-1' }) });
  const refused = await later.issue({ policy: 'subscriber', url: 'https://media.example.com/live/a', viewer: { ip: '203.0.113.7', headers: { 'user-agent': 'Player' } } }).then(
    () => ({ code: 'issued', message: '', typed: true }),
    (error: unknown) => error instanceof IssueError ? { code: error.code, message: error.message, typed: true } : { code: String(error), message: '', typed: false },
  );
  process.stdout.write(JSON.stringify({ issued, refused }));
}
void main();
`;
const NAMES = 'createIssuer, fixedKey, IssueError, secretsManagerKey';
/** The same without types. */
const PLAIN = BODY.replaceAll(' as const', '').replaceAll(/: (?:IssuerRecord|Promise<void>|unknown)/g, '');

/** What types must promise, beyond what is run. */
const TYPES = `
import { createIssuer, customKey, type IssueErrorCode, type IssuerKey, type IssuerOptions, type KeySource, newSession, toIssuerKey } from 'edgepass/token';
export const codes: IssueErrorCode[] = ['policy_unknown', 'sdk_missing', 'session_revoked'];
// @ts-expect-error: no such code
export const wrong: IssueErrorCode = 'no_such_code';
// @ts-expect-error: a policy has a lifetime
export const options: IssuerOptions = { keys: customKey(() => '{}'), audience: 'a/b', policies: { p: {} } };
// @ts-expect-error: a misspelt member
createIssuer({ keys: customKey(() => '{}'), audience: 'a/b', policies: { p: { lifetime: 1, contries: [] } } });
export const own: KeySource = { current: (at: number): IssuerKey => toIssuerKey(String(at)) };
export const id: string = newSession();
// @ts-expect-error: constants of the edge build are none of the consumer's
export const leaked = SETTINGS;
// @ts-expect-error: nor are its compile-time flags
export const flag = FLAG_PATH;
`;

let folder = '';
const inFolder = (path: string): string => join(folder, path);

/** Links a development tool of ours where the consumer's package manager would have put it. */
function link(name: string): void {
  mkdirSync(dirname(inFolder(`node_modules/${name}`)), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), inFolder(`node_modules/${name}`));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-library-'));
  // Packed from a copy, with the scripts that publishing runs: in place they would take `dist` from under other tests.
  const copy = inFolder('copy');
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\n'))
    if (/^(?:generator|runtime|schema|templates|package\.json|tsconfig)/.test(file) && existsSync(join(root, file)))
      cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: copy, stdio: 'pipe' });
  rmSync(copy, { recursive: true });
  mkdirSync(inFolder('node_modules'));
  execFileSync('sh', ['-c', 'tar -xzf edgepass-*.tgz && mv package node_modules/edgepass'], { cwd: folder });
  link('@types/node');
  link('undici-types');
  writeFileSync(inFolder('package.json'), '{"name":"cms","private":true}');
  writeFileSync(inFolder('app.mjs'), `import { ${NAMES} } from 'edgepass/token';${PLAIN}`);
  writeFileSync(inFolder('app.cjs'), `const { ${NAMES} } = require('edgepass/token');${PLAIN}`);
  writeFileSync(inFolder('typed.mts'), `import { ${NAMES}, type IssuerRecord } from 'edgepass/token';${BODY}`);
  writeFileSync(inFolder('typed-common.cts'), `import { ${NAMES}, type IssuerRecord } from 'edgepass/token';${BODY}`);
  writeFileSync(inFolder('types.mts'), TYPES);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Output {
  issued: { url: string; token: string; session: string; urls: Record<string, string> };
  refused: { code: string; message: string; typed: boolean };
}

function run(file: string): Output {
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', env: {} });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Output;
}

function compile(settings: object, files: string[]): string {
  const compilerOptions = { strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, ...settings };
  writeFileSync(inFolder('tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' }).stdout;
}

async function expectToken({ issued }: Output): Promise<void> {
  const { url, token, session, urls } = issued;
  expect(url).toBe(`https://media.example.com/${token}/live/a/b.m3u8`);
  expect(urls).toEqual({ ads: `https://ads.example.com/${token}/live/a/b.m3u8` });
  const { payload } = await jwtVerify(token.slice(session.length + 1), Buffer.from(KEY.sign, 'base64url'));
  expect(payload).toMatchObject({ aud: 'acme/prod', paths: ['/live/a/'], ssn: session, co: ['FR'], ip: 24 });
}

describe('edgepass/token', () => {
  it.each(['app.mjs', 'app.cjs'])('issues a token in %s', async (file) => {
    await expectToken(run(file));
  });

  it.each(['app.mjs', 'app.cjs'])('says in %s which package the Secrets Manager source needs', (file) => {
    const { refused } = run(file);
    expect(refused).toMatchObject({ code: 'sdk_missing', typed: true });
    expect(refused.message).toContain('Install @aws-sdk/client-secrets-manager');
  });

  it('is a CommonJS module for `require`, which not every Node 20 can do with the other', () => {
    const resolved = execFileSync(process.execPath, ['-p', 'require.resolve("edgepass/token")'], { cwd: folder });
    expect(resolved.toString().trim()).toMatch(/edgepass\/dist\/cjs\/token\.js$/);
  });

  it('has types for ES modules and CommonJS, in strict projects that check libraries too', async () => {
    const files = ['typed.mts', 'typed-common.cts', 'types.mts'];
    const output = compile({ module: 'nodenext', target: 'es2022', outDir: 'out', types: [] }, files);
    expect(output).toBe('');
    for (const file of ['out/typed.mjs', 'out/typed-common.cjs']) await expectToken(run(file));
  }, 300_000);

  it('has types for bundlers', () => {
    const settings = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', noEmit: true };
    expect(compile(settings, ['typed.mts', 'types.mts'])).toBe('');
  }, 300_000);

  it.each(['app.mjs', 'app.cjs'])('takes the SDK of the project in %s, once it is there', (file) => {
    const sdk = inFolder('node_modules/@aws-sdk/client-secrets-manager');
    mkdirSync(sdk, { recursive: true });
    const text = JSON.stringify(JSON.stringify(record));
    const get = `async getSecretValue({ SecretId }) { if (SecretId !== 'record') throw new Error(); return { SecretString: ${text} }; }`;
    writeFileSync(join(sdk, 'index.js'), `exports.SecretsManager = class { ${get} };`);
    try {
      expect(run(file).refused.code).toBe('issued');
    } finally {
      rmSync(sdk, { recursive: true });
    }
  });
});
