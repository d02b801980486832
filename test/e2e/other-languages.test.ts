/**
 * The issuers of `docs/examples` in other languages, run as their users would: what they print is, byte for byte, the token of
 * the published vectors, and it plays.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';
import { describeWith, toolPath } from '../helpers/needs.ts';
import { runEdge } from '../helpers/njs.ts';
import { edgeText, verdict } from '../runtime/base/world.ts';
import { asPlayed } from '../vectors/play.ts';
import { issued } from '../vectors/source/issue.ts';
import type { IssueInput, TokenVector } from '../vectors/types.ts';
import { deployed, published, runOf } from '../vectors/world.ts';

type Mintable = TokenVector & { issue: IssueInput };

const EXAMPLES = `${root}/docs/examples`;
const vectors = published.tokens.tokens.filter((vector): vector is Mintable => vector.issue !== undefined);
const vectorOf = (name: string): Mintable => vectors.find((vector) => vector.name === name) as Mintable;
const scratch = mkdtempSync(join(tmpdir(), 'edgepass-languages-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Program {
  command: string;
  args: string[];
}

/** What a program prints for an input; `''` where it exits with another code than 0. Never both a token and a failure. */
function mint({ command, args }: Program, input: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', cwd: scratch });
  if (error) throw error;
  if (status === 0) return stdout.replace(/\n$/, '');
  expect([stdout, stderr]).toEqual(['', expect.stringMatching(/\S/)]);
  return '';
}

/** The edge function on the tokens that an example printed. */
async function play(printed: [Mintable, string][]): Promise<void> {
  const played = printed.map(([vector, token]) => asPlayed({ ...vector, token }));
  const results = runEdge(
    await edgeText(...deployed(published.deployments.deployments.main)),
    played.map(({ request }) => runOf(request)),
  );
  expect(results.map(verdict)).toEqual(played.map(({ path }) => `pass ${path}`));
}

/** The claims of a token, and the session in front of it. */
function read(token: string): { session: string; claims: Record<string, unknown> } {
  const [session, , payload] = token.split('.') as [string, string, string];
  return { session, claims: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown> };
}

const ISSUE = vectorOf('bound to an IPv4 network').issue;
const AGENT = vectorOf('bound to a header').issue;
const PARAMETER = vectorOf('bound to a query parameter').issue;
const refused: [name: string, issue: IssueInput][] = [
  ['a short session', { ...ISSUE, session: 'fifteen-letters' }],
  ['a session with a dot', { ...ISSUE, session: 'a.session.with.dots' }],
  ['a session with a newline', { ...ISSUE, session: 'session-of-22-letters\n' }],
  ...published.binding.noAddress.map((ip): [string, IssueInput] => [
    `the address ${JSON.stringify(ip)}`,
    { ...ISSUE, viewer: { ip } },
  ]),
  ['no address', { ...ISSUE, viewer: {} }],
  ['a family without a width', { ...ISSUE, policy: { ...ISSUE.policy, bind: { ip: { v6: 64 } } } }],
  ['an empty header', { ...AGENT, viewer: { headers: { 'user-agent': '' } } }],
  ['a missing header', { ...AGENT, viewer: { headers: {} } }],
  ['a header over 1,024 bytes', { ...AGENT, viewer: { headers: { 'user-agent': 'é'.repeat(513) } } }],
  ['a missing parameter', { ...PARAMETER, url: PARAMETER.url.replace('&device', '&other') }],
  ['a parameter that comes twice', { ...PARAMETER, url: `${PARAMETER.url}&device=tv` }],
  ['a key that is too short', { ...ISSUE, key: { ...ISSUE.key, sign: ISSUE.key.sign.slice(4) } }],
  ['a bind key that is too short', { ...ISSUE, key: { ...ISSUE.key, bind: ISSUE.key.bind.slice(4) } }],
  ['a token over 2,048 characters', { ...ISSUE, subject: 'u'.repeat(1500) }],
  ['a URL without a scheme', { ...ISSUE, url: 'video.example.com/network/a' }],
];

/** An example that reads the `issue` object of a vector. */
function mintsVectors(program: () => Program): void {
  const printed: [Mintable, string][] = [];

  it.each(vectors)('mints: $name', (vector) => {
    const token = mint(program(), JSON.stringify(vector.issue));
    expect(token).toBe(vector.token);
    printed.push([vector, token]);
  });

  it('lets its tokens play', async () => {
    expect(printed).toHaveLength(vectors.length);
    await play(printed);
  });

  it('makes sessions of its own, which differ and play', async () => {
    const vector = vectorOf('with a session');
    const { session: _, ...issue } = vector.issue;
    const tokens = [1, 2].map(() => mint(program(), JSON.stringify(issue)));
    const sessions = tokens.map((token) => read(token).session);
    expect(new Set(sessions).size).toBe(2);
    for (const token of tokens) expect(read(token).session).toMatch(/^[\w-]{22}$/);
    expect(tokens.map((token) => read(token).claims.ssn)).toEqual(sessions);
    await play(tokens.map((token) => [vector, token]));
  });

  it.each(published.binding.networks)('binds $address to $name', ({ address, family, width, name, network }) => {
    const policy = { ...ISSUE.policy, bind: { ip: { [`v${family}`]: width } } };
    const issue = { ...ISSUE, policy, viewer: { ip: address } };
    const expected = issued(name, issue, { claims: { ip: width, ip_ver: family }, bound: [['i', name, network]] });
    expect(mint(program(), JSON.stringify(issue))).toBe(expected.token);
  });

  it.each(refused)('refuses %s', (_name, issue) => {
    expect(mint(program(), JSON.stringify(issue))).toBe('');
  });
}

describeWith(['python3', 'njs'], 'Python', () => {
  mintsVectors(() => ({ command: toolPath('python3') as string, args: ['-B', `${EXAMPLES}/python/mint.py`] }));
});

describeWith(['go', 'njs'], 'Go', () => {
  const binary = join(scratch, 'mint');
  beforeAll(() => {
    cpSync(`${EXAMPLES}/go`, join(scratch, 'go'), { recursive: true });
    // Nothing is to be fetched: no module, no other toolchain. The cache goes with the folder.
    const offline = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local', GOWORK: 'off' };
    const env = { ...process.env, ...offline, GOCACHE: join(scratch, 'cache'), GOPATH: join(scratch, 'path') };
    execFileSync(toolPath('go') as string, ['build', '-o', binary, '.'], {
      cwd: join(scratch, 'go'),
      env,
      stdio: 'pipe',
    });
  }, 300_000);
  mintsVectors(() => ({ command: binary, args: [] }));
});

/** The lines that `mint.sh` reads. */
function linesOf({ claims, issue }: Mintable): string {
  const list = (value: unknown): string => (value as string[] | undefined)?.join(' ') ?? '';
  const { key, viewer, url } = issue;
  const query = new Map(
    (url.split(/[?#]/)[1] ?? '').split('&').map((part) => [part.split('=')[0], part.replace(/^[^=]*=/, '')]),
  );
  const lines = [
    ...[
      `kid=${key.kid}`,
      `sign=${key.sign}`,
      `bind=${key.bind}`,
      `aud=${claims.aud}`,
      `iat=${claims.iat}`,
      `exp=${claims.exp}`,
    ],
    ...['paths', 'exc', 'co', 'reg', 'cty'].map((claim) => `${claim}=${list(claims[claim])}`),
    `fallback=${['co', 'reg', 'cty'].filter((claim) => claims[`${claim}_fallback`]).join(' ')}`,
    ...['ssn', 'sub'].map((claim) => `${claim}=${claims[claim] ?? ''}`),
    ...(claims.ip === undefined ? [] : [`ip=${viewer?.ip}/${claims.ip}`]),
    ...((claims.headers ?? []) as string[]).map((name) => `header:${name}=${viewer?.headers?.[name]}`),
    ...((claims.qs ?? []) as string[]).map((name) => `query:${name}=${query.get(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

describeWith(['openssl', 'njs'], 'shell', () => {
  const program: Program = { command: 'sh', args: [`${EXAMPLES}/shell/mint.sh`] };
  /** IPv6, and what JSON would have to escape, it leaves to others. */
  const isOurs = ({ issue }: Mintable): boolean =>
    !issue.viewer?.ip?.includes(':') && !/["\\]/.test(issue.subject ?? '');
  const ours = vectors.filter(isOurs);
  const printed: [Mintable, string][] = [];

  it.each(ours)('mints: $name', (vector) => {
    const token = mint(program, linesOf(vector));
    expect(token).toBe(vector.token);
    printed.push([vector, token]);
  });

  it('lets its tokens play', async () => {
    expect(printed.length).toBeGreaterThan(20);
    await play(printed);
  });

  it.each(vectors.filter((vector) => !isOurs(vector)))('refuses what it cannot do: $name', (vector) => {
    expect(mint(program, linesOf(vector))).toBe('');
  });

  const lines = linesOf(vectorOf('bound to an IPv4 network'));
  it.each([
    ['a key that is too short', lines.replace(/^sign=..../m, 'sign=')],
    ['a bind key that is too short', lines.replace(/^bind=..../m, 'bind=')],
    ['a short session', lines.replace(/^ssn=.*/m, 'ssn=fifteen-letters')],
    ['a session with a dot', lines.replace(/^ssn=.*/m, 'ssn=a.session.with.dots')],
    ['a path with a quotation mark', lines.replace(/^paths=/m, 'paths=/a"],"x":["')],
    ['an expiry that is no number', lines.replace(/^exp=.*/m, 'exp=1e9')],
    ['an address with leading zeros', lines.replace(/^ip=.*/m, 'ip=203.000.113.077/24')],
    ['five octets', lines.replace(/^ip=.*/m, 'ip=203.0.113.77.1/24')],
    ['an octet over 255', lines.replace(/^ip=.*/m, 'ip=203.0.113.256/24')],
    ['a name it does not know', `${lines}expires=1\n`],
    ['a token over 2,048 characters', lines.replace(/^sub=/m, `sub=${'u'.repeat(1500)}`)],
    ['a header over 1,024 bytes', `${lines}header:user-agent=${'é'.repeat(513)}\n`],
    ['an empty header', `${lines}header:user-agent=\n`],
  ])('refuses %s', (_name, input) => {
    expect(mint(program, input)).toBe('');
  });

  it('reads a last line that does not end, which may be a binding', () => {
    expect(lines).toMatch(/\nip=.*\n$/);
    expect(mint(program, lines.trimEnd())).toBe(vectorOf('bound to an IPv4 network').token);
  });

  it('makes the networks of the vectors', () => {
    const networks = published.binding.networks.filter(({ address }) => !address.includes(':'));
    const script = `. ${EXAMPLES}/shell/edgepass-token.sh; network "$1" "$2"`;
    const made = networks.map(({ address, width }) =>
      mint({ command: 'sh', args: ['-c', script, 'sh', address, String(width)] }, ''),
    );
    expect(made).toEqual(networks.map(({ network }) => network));
  });
});
