import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { run } from '../../helpers/fake-io.ts';
import { mac } from '../../helpers/sign.ts';
import { AT, KEY, NOW, RECORD, SESSION, tokenProject, VIEWER } from './token-project.ts';

const URL = 'https://media.example.com/live/ch1/index.m3u8';
const BASICS = ['create', '--key', 'key.json', ...AT];
const LIVE = [...BASICS, '--url', URL, ...VIEWER];

/** Claims of the token in a URL, its signature checked without the code under test. */
function claimsIn(url: string): Record<string, unknown> {
  const [header, payload, signature] = (/([\w-]+)\.([\w-]+)\.([\w-]{43})(?![\w.-])/.exec(url) ?? []).slice(1) as [
    string,
    string,
    string,
  ];
  expect(signature).toBe(mac(KEY.sign, `${header}.${payload}`));
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

describe('edgepass token create', () => {
  it('prints the URL alone, for the policy of its stream', async () => {
    const project = await tokenProject();
    const { code, stdout, stderr } = await project.token([...LIVE, '--session', SESSION]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^https:\/\/media\.example\.com\/session-of-a-viewer-01\.eyJ[\w.-]+\/live\/ch1\/index\.m3u8\n$/,
    );
    expect(claimsIn(stdout)).toMatchObject({
      iat: NOW,
      exp: NOW + 14_400,
      ssn: SESSION,
      paths: ['/live/ch1/'],
      exc: ['/ads/'],
      co: ['FR', 'BE'],
      ip: 24,
    });
    expect(stderr).toBe(`policy subscriber · session ${SESSION} · expires 2027-01-15 12:00:00 UTC (in 4 h)\n`);
    const vod = await project.token([...BASICS, '--url', 'https://media.example.com/vod/a/1.mp4']);
    expect(vod.stderr).toContain('policy plain · expires');
    expect(claimsIn(vod.stdout)).toEqual({ iat: NOW, exp: NOW + 3600, aud: 'acme-video/dev', paths: ['/vod/a/'] });
  });

  it('takes what it asks for from options', async () => {
    const project = await tokenProject();
    const options = [
      '--ttl',
      '2h',
      '--path',
      '/live/ch1/',
      '--path',
      '/live/ch2/',
      '--subject',
      'v-1',
      '--session=-0123456789abcdef',
    ];
    const { code, stdout } = await project.token([...LIVE, ...options, '--country', 'FR']);
    expect(code).toBe(0);
    expect(claimsIn(stdout)).toMatchObject({
      exp: NOW + 7200,
      paths: ['/live/ch1/', '/live/ch2/'],
      sub: 'v-1',
      ssn: '-0123456789abcdef',
    });
    const seconds = await project.token([...LIVE, '--ttl', '90']);
    expect(claimsIn(seconds.stdout)).toMatchObject({ exp: NOW + 90 });
    const policy = await project.token([
      ...BASICS,
      '--url',
      'https://media.example.com/vod/1.mp4',
      '--policy',
      'subscriber',
      '--ttl',
      '2h',
      ...VIEWER,
    ]);
    expect(claimsIn(policy.stdout)).toMatchObject({ co: ['FR', 'BE'], headers: ['user-agent'] });
  });

  it('gives URLs on other delivery domains, one a line', async () => {
    const project = await tokenProject();
    const { stdout } = await project.token([...LIVE, '--domains', 'all']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^https:\/\/media\./),
      expect.stringMatching(/^media: https:\/\/media\./),
      expect.stringMatching(/^segments: https:\/\/segments\.example\.com\/.*\/live\/ch1\/index\.m3u8$/),
      '',
    ]);
    expect(JSON.parse((await project.token([...LIVE, '--domains', 'segments', '--json'])).stdout).urls).toEqual({
      segments: expect.stringMatching(/^https:\/\/segments\.example\.com\//),
    });
  });

  it('gives programs everything', async () => {
    const project = await tokenProject();
    const { code, stdout, stderr } = await project.token([
      ...BASICS,
      '--url',
      'https://media.example.com/news/1.mp4',
      '--json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const said = JSON.parse(stdout);
    expect(said).toEqual({
      ok: true,
      url: 'https://media.example.com/news/1.mp4',
      token: expect.stringMatching(/^eyJ/),
      expires: NOW + 3600,
      cookie: { name: 'pass', value: said.token },
      policy: 'plain',
      diagnostics: [],
    });
  });

  it.each<[why: string, code: string, options: string[]]>([
    ['url_invalid', 'EP6011', ['--url', 'media.example.com/live/']],
    ['url_invalid', 'EP6011', ['--url', 'http://media.example.com/live/']],
    ['host_not_allowed', 'EP6011', ['--url', 'https://elsewhere.example.com/live/ch1/1.ts']],
    ['path_not_canonical', 'EP6011', ['--url', 'https://media.example.com/live/../vod/1.ts']],
    ['path_outside_stream', 'EP6011', ['--url', 'https://media.example.com/free/1.ts']],
    ['path_outside_stream', 'EP6011', ['--path', '/live/', '--path', '/vod/']],
    ['prefix_invalid', 'EP6011', ['--path', '/live']],
    ['path_not_covered', 'EP6011', ['--path', '/live/ch2/']],
    ['host_not_allowed', 'EP6011', ['--domains', 'media,ads']],
    ['policy_unknown', 'EP6012', ['--policy', 'constructor']],
    ['policy_not_met', 'EP6012', ['--policy', 'plain', '--session', SESSION]],
    ['lifetime_too_long', 'EP6012', ['--ttl', '1d']],
    ['lifetime_invalid', 'EP6012', ['--ttl', '0']],
    ['session_invalid', 'EP6012', ['--session', 'short']],
    ['geo_not_allowed', 'EP6012', ['--country', 'DE']],
    ['attribute_repeated', 'EP6013', ['--header', 'User-Agent: again']],
    ['key_expired', 'EP6014', ['--at', String(RECORD.signUntil)]],
    ['key_not_yet_valid', 'EP6014', ['--at', String(RECORD.signFrom - 1)]],
    [
      'token_too_long',
      'EP6012',
      Array.from({ length: 60 }, (_, i) => ['--path', `/live/ch${i}/${'x'.repeat(30)}/`])
        .flat()
        .concat('--path', '/live/ch1/'),
    ],
  ])('refuses what the edge would refuse: %s', async (why, code, options) => {
    const project = await tokenProject();
    const { code: exit, stdout, stderr } = await project.token([...LIVE, ...options]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(`error ${code} `);
    expect(stderr).toContain(`(${why})`);
    expect(stderr).toMatch(/hint: \S/);
  });

  it('says which attribute of the viewer is missing', async () => {
    const project = await tokenProject();
    const { stderr } = await project.token([...BASICS, '--url', URL]);
    expect(stderr).toContain('EP6013');
    expect(stderr).toContain('attribute_missing');
  });
});

describe('the key', () => {
  it('is for one deployment', async () => {
    const project = await tokenProject();
    await project.write('key.json', JSON.stringify({ ...RECORD, audience: 'acme-video/prod' }));
    for (const command of [LIVE, ['verify', URL, '--key', 'key.json']]) {
      const { code, stdout, stderr } = await project.token(command);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('EP6003');
    }
  });

  it('in a file that others can read is a warning', async () => {
    const project = await tokenProject();
    await chmod(join(project.folder, 'key.json'), 0o640);
    const { code, stderr } = await project.token(LIVE);
    expect(code).toBe(0);
    expect(stderr).toContain('warning EP6004');
  });

  it('is warned of beside the URL, not in it, also in GitHub Actions', async () => {
    const project = await tokenProject();
    await chmod(join(project.folder, 'key.json'), 0o640);
    const ran = await run(['token', ...LIVE], { cwd: project.folder, env: { GITHUB_ACTIONS: 'true' } });
    expect(ran.stdout).toMatch(/^https:\S+\n$/);
    expect(ran.stderr).toContain('::warning ');
  });

  it('of a key record is the one that signs', async () => {
    const project = await tokenProject();
    const times = {
      created: NOW - 900,
      published: NOW - 800,
      signFrom: NOW - 500,
      signUntil: NOW + 500,
      longestLifetime: 3600,
    };
    const spare = { ...KEY, state: 'spare', created: NOW };
    const record = (...keys: object[]): string => JSON.stringify({ version: 1, audience: RECORD.audience, keys });
    await project.write('key.json', record({ ...KEY, state: 'signing', ...times }));
    const { code, stdout } = await project.token(LIVE);
    expect(code).toBe(0);
    claimsIn(stdout);
    await project.write('key.json', record(spare));
    expect((await project.token(LIVE)).stderr).toContain('EP6005');
  });

  const { bind, ...incomplete } = RECORD;
  it.each<[name: string, content: string | Uint8Array, code: string]>([
    ['an empty file', '', 'EP6001'],
    ['white space', ' \n\t\n', 'EP6001'],
    ['a huge file', 'x'.repeat(100_000), 'EP6001'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0, 0x61, 0x80), 'EP6001'],
    ['zeros', new Uint8Array(64), 'EP6002'],
    ['something else', 'AKIAIOSFODNN7EXAMPLE', 'EP6002'],
    ['no JSON', '{"version": 1, "sign": "AAAAsecretAAAA', 'EP6002'],
    ['a list', '[]', 'EP6002'],
    ['an incomplete record', JSON.stringify(incomplete), 'EP6002'],
    ['a member of a wrong type', JSON.stringify({ ...RECORD, kid: 7 }), 'EP6002'],
    ['one key twice', JSON.stringify({ ...RECORD, bind: RECORD.sign }), 'EP6002'],
    ['an unknown member', JSON.stringify({ ...RECORD, [bind]: 1 }), 'EP6002'],
    ['the whole answer of aws', JSON.stringify({ ARN: 'arn', SecretString: JSON.stringify(RECORD) }), 'EP6002'],
    ['a cut edge state', `ep1 999 0000000000 -0000000000 ${RECORD.audience}|`, 'EP6002'],
  ])('is refused: %s', async (_name, content, code) => {
    const project = await tokenProject();
    await project.write('bad', content);
    for (const verb of [LIVE, ['verify', URL], ['explain', URL]]) {
      const { code: exit, stdout, stderr } = await project.token([...verb, '--key', 'bad']);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      expect(stderr).toContain(`bad: error ${code} `);
      for (const secret of [RECORD.sign, RECORD.bind, 'AAAAsecretAAAA', 'AKIA']) expect(stderr).not.toContain(secret);
    }
  });

  it('is refused where it is no file, and read no further than makes sense', async () => {
    const project = await tokenProject();
    for (const name of ['missing', '.', '/dev/zero', 'a/\u0001/b', 'x'.repeat(5000)])
      expect(await project.token([...LIVE, '--key', name])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('EP6001'),
      });
    expect(await project.token([...LIVE, '--key', '-'], '')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is empty'),
    });
  });
});

describe('edgepass token key', () => {
  it('makes a key that issues and checks at once', async () => {
    const project = await tokenProject();
    const { code, stdout, stderr } = await project.token(['key', 'trial.json']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const file = join(project.folder, 'trial.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const record = parseIssuerRecord(await readFile(file, 'utf8'));
    expect(record).toMatchObject({ audience: 'acme-video/dev', kid: expect.stringMatching(/^trial-/) });
    for (const secret of [record.sign, record.bind]) expect(stderr).not.toContain(secret);
    const made = await project.token(['create', '--key', 'trial.json', '--url', URL, ...VIEWER]);
    const check = ['verify', made.stdout.trim(), '--key', 'trial.json', ...VIEWER, '--country', 'FR'];
    expect(await project.token(check)).toMatchObject({ code: 0, stdout: 'forwarded\n' });
  });

  it('prints it where no file is named, another one each time', async () => {
    const project = await tokenProject();
    const [one, two] = [await project.token(['key']), await project.token(['key', '--json'])];
    expect(parseIssuerRecord(one.stdout).sign).not.toBe(JSON.parse(two.stdout).record.sign);
  });

  it('never writes over a file, nor where there is no folder', async () => {
    const project = await tokenProject();
    for (const file of ['key.json', 'no/folder.json', '.']) {
      const { code, stderr } = await project.token(['key', file]);
      expect(code).toBe(1);
      expect(stderr).toContain('EP6006');
    }
    expect(parseIssuerRecord(await readFile(join(project.folder, 'key.json'), 'utf8'))).toEqual(RECORD);
  });
});
