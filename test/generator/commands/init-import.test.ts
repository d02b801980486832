import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Io } from '../../../generator/commands/command.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { type InitFolder, initFolder, typing } from './init-project.ts';

/** What the wizard of that solution writes, with every module. */
const WHOLE = {
  main: {
    stack_name: 'MYSTREAM',
    assets_bucket_name: 'my-assets',
    wcu: '100',
    retention: '30',
    rotate_secrets_frequency: '1m',
    rotate_secrets_pattern: '30 03 ? * 2#1 *',
    metrics: true,
  },
  api: { demo: true },
  hls: { hostname: 'https://media.example.com', url_path: '/live/ch1/index.m3u8', ttl: '+3h' },
  dash: { hostname: 'https://media.example.com', url_path: '/vod/1/index.mpd', ttl: '+30m' },
  sessionRevocation: { trigger_workflow_frequency: 10, db_name: 'logs', table_name: 'access', score_threshold: 2.2 },
};

/** With one stream. */
const ONE = { main: WHOLE.main, hls: WHOLE.hls };

const REST = ['--env=prod', '--account=111111111111', '--region=eu-west-1', '--origin=origin.example.com'];

interface Imported {
  code: number;
  diagnostics: Diagnostic[];
  /** Members of the file by what became of them. */
  carried: string[];
  left: string[];
}

async function importing(project: InitFolder, file: unknown, argv: readonly string[] = REST): Promise<Imported> {
  const text = typeof file === 'string' ? file : JSON.stringify(file, null, 2);
  await writeFile(join(project.folder, 'solution.context.json'), text);
  const { code, stdout } = await project.init(['--from=solution.context.json', '--json', ...argv]);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  const members = (wanted: string): string[] =>
    diagnostics.filter((d) => d.code === wanted).map(({ message }) => /^`(.+?)`/.exec(message)?.[1] ?? message);
  return { code, diagnostics, carried: members('EP7713').sort(), left: members('EP7714').sort() };
}

const main = (changes: object): object => ({ main: { ...WHOLE.main, ...changes } });

describe('edgepass init --from', () => {
  it('carries over what edgepass has, and speaks of everything else', async () => {
    const project = await initFolder();
    const { code, carried, left } = await importing(project, WHOLE);
    expect(code).toBe(0);
    expect(carried).toEqual(['dash.ttl', 'dash.url_path', 'hls.ttl', 'hls.url_path', 'main.stack_name', 'main.wcu']);
    expect(left).toEqual([
      'api',
      'dash.hostname',
      'hls.hostname',
      'main.assets_bucket_name',
      'main.metrics',
      'main.retention',
      'main.rotate_secrets_frequency',
      'main.rotate_secrets_pattern',
      'sessionRevocation',
    ]);
    expect(parse(await project.config())).toEqual({
      project: 'mystream',
      origins: { packager: { domain: 'origin.example.com' } },
      policies: { hls: { lifetime: '3h' }, dash: { lifetime: '30m' } },
      streams: { hls: { paths: ['/live/ch1/'], policy: 'hls' }, dash: { paths: ['/vod/1/'], policy: 'dash' } },
      modules: { base: { revocation: { waf: true, wafCapacity: 100 } } },
      environments: { prod: { account: '111111111111', region: 'eu-west-1' } },
    });
    expect((await project.run(['validate'])).code).toBe(0);
    expect((await project.run(['generate'])).code).toBe(0);
  });

  it('points to the line of each member, in the order of the file', async () => {
    const { diagnostics } = await importing(await initFolder(), WHOLE);
    const lines = diagnostics.map(({ place }) => place?.line).filter((line) => line !== undefined);
    expect(lines).toEqual([3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 20, 21, 22, 24]);
  });

  it('says what the file is silent about, and asks for it', async () => {
    const project = await initFolder();
    const { code, diagnostics } = await importing(project, WHOLE, []);
    expect(code).toBe(1);
    const silent = ['origins.packager.domain', 'environments.dev.account', 'environments.dev.region'];
    for (const wanted of ['EP7715', 'EP7702']) {
      const found = diagnostics.find((d) => d.code === wanted);
      for (const key of silent) expect(`${found?.message} ${found?.hint}`).toContain(key);
    }
    const { code: answered, stderr } = await project.init(
      ['--from=solution.context.json'],
      typing('origin.example.com', '', '012345678901', 'eu-west-1'),
    );
    expect([answered, stderr]).toEqual([0, expect.stringContaining('EP7714')]);
  });

  it('lets options win', async () => {
    const project = await initFolder();
    await importing(project, WHOLE, [...REST, '--set=project=other', '--set=modules.base.revocation.waf=false']);
    expect(parse(await project.config())).toMatchObject({
      project: 'other',
      modules: { base: { revocation: { waf: false } } },
    });
  });

  it('reads standard input, and asks nothing then', async () => {
    const { init, config } = await initFolder();
    const piped = (): Partial<Io> => typing(JSON.stringify(WHOLE));
    expect((await init(['--from=-', ...REST], piped())).code).toBe(0);
    expect(await config()).toContain('project: mystream');
    expect((await init(['other', '--from=-'], piped())).stderr).toContain('error EP7702');
  });

  it('takes the file without the optional modules: the streams are asked for', async () => {
    const project = await initFolder();
    const { carried } = await importing(project, main({}), [...REST, '--path=/live/', '--lifetime=4h']);
    expect(carried).toEqual(['main.stack_name', 'main.wcu']);
    expect(parse(await project.config())).toMatchObject({ streams: { live: { paths: ['/live/'] } } });
  });

  it.each([
    ['one folder for both formats', { dash: { ...WHOLE.dash, url_path: '/live/ch1/index.mpd' } }, ['/live/ch1/']],
    ['an asset at the top', { hls: { ...WHOLE.hls, url_path: '/index.m3u8' }, dash: undefined }, ['/']],
  ])('makes no two streams of one path: %s', async (_what, changes, paths) => {
    const project = await initFolder();
    expect((await importing(project, { ...WHOLE, ...changes })).code).toBe(0);
    expect((parse(await project.config()) as { streams: object }).streams).toEqual({ hls: { paths, policy: 'hls' } });
  });

  it.each<[what: string, file: object, member: string]>([
    ['a stack name without a letter', main({ stack_name: '123' }), 'main.stack_name'],
    ['a stack name that is no text', main({ stack_name: { a: 1 } }), 'main.stack_name'],
    ['a capacity in words', main({ wcu: 'many' }), 'main.wcu'],
    ['a path of the template', { ...ONE, hls: { ...WHOLE.hls, url_path: 'U' } }, 'hls.url_path'],
    ['a path with spaces', { ...ONE, hls: { ...WHOLE.hls, url_path: '/a b/x.m3u8' } }, 'hls.url_path'],
    ['a path with dots', { ...ONE, hls: { ...WHOLE.hls, url_path: '/../x/y.m3u8' } }, 'hls.url_path'],
    ['a path that is no text', { ...ONE, hls: { ...WHOLE.hls, url_path: ['/a/'] } }, 'hls.url_path'],
    ['a time in words', { ...ONE, hls: { ...WHOLE.hls, ttl: 'long' } }, 'hls.ttl'],
    ['a section of the future', { ...ONE, watermark: { on: true } }, 'watermark'],
    ['a member of the future', main({ shards: 4 }), 'main.shards'],
    ['a member of hostile name', main({ 'a\nb`c': 4 }), 'main.a b'],
    ['a section that is none', { ...ONE, hls: 'no', dash: null }, 'hls'],
  ])('leaves %s and says so', async (_what, file, member) => {
    const project = await initFolder();
    const rest = ['--set=project=other', '--set=streams.live.paths=/live/', '--lifetime=4h'];
    const { code, left } = await importing(project, file, [...REST, ...rest]);
    expect(left).toContain(member);
    expect(code).toBe(0);
    expect((await project.run(['validate'])).code).toBe(0);
  });

  it('shortens a long stack name to a possible project', async () => {
    const project = await initFolder();
    await importing(project, { ...WHOLE, ...main({ stack_name: `Media-Delivery-${'x'.repeat(200)}` }) });
    expect(parse(await project.config())).toMatchObject({ project: 'media-delivery-xxxxxxxxx' });
  });

  it.each([
    ['a package.json', '{"name": "x", "main": "index.js"}', 'EP7712'],
    ['a list', '[]', 'EP7712'],
    ['a word', '"main"', 'EP7712'],
    ['a main without its members', '{"main": {"stack_name": "A"}}', 'EP7712'],
    ['YAML', 'main:\n  stack_name: A\n', 'EP7712'],
    ['half a file', JSON.stringify(WHOLE).slice(0, 100), 'EP7712'],
    ['deep nesting', '['.repeat(100_000), 'EP7712'],
    ['nothing', '', 'EP7711'],
    ['a huge file', JSON.stringify({ ...WHOLE, more: 'x'.repeat(300_000) }), 'EP7711'],
  ])('refuses %s and says what it wants', async (_what, text, code) => {
    const project = await initFolder();
    const { code: exit, diagnostics } = await importing(project, text);
    expect([exit, diagnostics.map((d) => d.code)]).toEqual([1, expect.arrayContaining([code])]);
    expect(diagnostics.find((d) => d.code === code)?.hint).toMatch(/wizard|solution\.context\.json/);
    expect(Object.keys(await project.files())).toEqual(['solution.context.json']);
  });

  it('refuses text that is not UTF-8, a folder, and a file that is not there', async () => {
    const { folder, init } = await initFolder();
    await writeFile(join(folder, 'latin'), Buffer.from('{"main": "\xff"}', 'latin1'));
    await mkdir(join(folder, 'dir'));
    for (const name of ['latin', 'dir', 'none'])
      expect(await init([`--from=${name}`, ...REST])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('EP7711'),
      });
  });

  it.runIf(process.getuid?.() !== 0)('refuses a file that may not be read', async () => {
    const { folder, init } = await initFolder();
    await writeFile(join(folder, 'secret'), '{}');
    await chmod(join(folder, 'secret'), 0o000);
    expect((await init(['--from=secret', ...REST])).stderr).toContain('EP7711');
  });
});
