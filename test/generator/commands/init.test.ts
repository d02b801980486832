import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initFolder, options } from './init-project.ts';

describe('edgepass init with options', () => {
  it('writes a project that validates and generates', async () => {
    const { init, run, files } = await initFolder();
    expect(await init([...options({ env: 'dev,prod' }), '--no-pipelines'])).toMatchObject({ code: 0, stdout: '' });
    expect(Object.keys(await files()).sort()).toEqual(['.gitignore', 'config.yaml', 'package.json']);
    expect(await run(['validate'])).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to report') });
    expect(await run(['generate', '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"diagnostics": []'),
    });
    expect(Object.keys(await files())).toContain('out/prod/manifest.json');
  });

  it('names the schema for the editor in the first line, and says what each section is', async () => {
    const { init, config } = await initFolder();
    await init(options());
    const text = await config();
    expect(text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./node_modules/edgepass/schema/config.schema.json',
    );
    expect([...text.matchAll(/^# .*\n(?:# .*\n)*(\w+):/gm)].map((match) => match[1])).toEqual([
      'project',
      'origins',
      'policies',
      'streams',
      'environments',
    ]);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it('makes a package.json that pins this version and can do what the project is for', async () => {
    const { init, files } = await initFolder();
    await init(options(), { version: '1.2.3' });
    expect(JSON.parse((await files())['package.json'] ?? '')).toEqual({
      private: true,
      scripts: { validate: 'edgepass validate', generate: 'edgepass generate', deploy: 'edgepass deploy' },
      devDependencies: { edgepass: '1.2.3' },
    });
  });

  it('takes any setting by its path, with the type that the schema says', async () => {
    const { init, config } = await initFolder();
    const { code, stderr } = await init([
      ...options({ env: 'prod', path: undefined }),
      '--set=streams.vod.paths=/vod/, /films/',
      '--set=streams.vod.mode=report',
      '--set=origins.packager.port=8443',
      '--set=environments.prod.protected=true',
      '--set=policies.subscriber.countries=["NO","SE"]',
      '--set=policies.subscriber.bind={"ip":{"v4":24,"v6":56}}',
      '--set=environments.prod.origins.packager.port=null',
      '--set=tags={"cost:center":"no"}',
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('EP1209')]);
    const text = await config();
    expect(parse(text)).toEqual({
      project: 'acme-video',
      tags: { 'cost:center': 'no' },
      origins: { packager: { domain: 'origin.example.com', port: 8443 } },
      policies: { subscriber: { lifetime: '4h', countries: ['NO', 'SE'], bind: { ip: { v4: 24, v6: 56 } } } },
      streams: { vod: { paths: ['/vod/', '/films/'], policy: 'subscriber', mode: 'report' } },
      environments: {
        prod: { account: '111111111111', region: 'eu-west-1', protected: true, origins: { packager: { port: null } } },
      },
    });
    // Order of the schema, not of the options.
    expect(Object.keys(parse(text) as object).slice(0, 3)).toEqual(['project', 'tags', 'origins']);
    // Readers of YAML 1.1 take these for booleans.
    expect(text).toContain('["NO", SE]');
    expect(text).toContain('cost:center: "no"');
  });

  it('lets --set win over a short form', async () => {
    const { init, config } = await initFolder();
    await init([...options({ env: 'a1,b1' }), '--set=environments.b1.account=000000000001']);
    expect(parse(await config())).toMatchObject({
      environments: { a1: { account: '111111111111' }, b1: { account: '000000000001' } },
    });
    expect(await config()).toContain('account: "000000000001"');
  });

  it('lists everything that is missing in one diagnostic, with options that complete it', async () => {
    const { init, files } = await initFolder();
    const { code, stdout } = await init(['--json']);
    expect([code, await files()]).toEqual([1, {}]);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; hint: string }[] };
    expect(diagnostics.map((d) => d.code)).toEqual(['EP7702']);
    const lines = [...(diagnostics[0]?.hint ?? '').matchAll(/^ +--set (\S+)=… .*, for example (\S+)$/gm)];
    const added = lines.map(([, key, value]) => `--set=${key}=${value}`);
    expect(added.length).toBeGreaterThan(4);
    expect(await init(added)).toMatchObject({ code: 0 });
  });

  it('asks for what follows from an option: a delivery domain needs its certificate', async () => {
    const { init } = await initFolder();
    const { code, stderr } = await init([...options(), '--set=domains.media.host=media.example.com']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--set domains.media.certificate=…')]);
  });

  it.each<[what: string, argv: string[], code: string, hint: string]>([
    ['a pattern', options({ project: 'No Good' }), 'EP1105', 'acme-video'],
    ['an unknown key', [...options(), '--set=strems.live.mode=off'], 'EP1101', 'Did you mean `streams`?'],
    ['an unknown word', [...options(), '--set=streams.live.mode=reprot'], 'EP1104', 'Did you mean `report`?'],
    ['a type', [...options(), '--set=origins.packager.port=many'], 'EP1103', '8443'],
    ['a range', [...options(), '--set=origins.packager.port=1'], 'EP1106', '65535'],
    ['a name', [...options(), '--set=origins.Bad.domain=a.example.com'], 'EP1105', 'match'],
    ['a reference', [...options(), '--set=streams.live.policy=subscribr'], 'EP1201', 'subscriber'],
    ['a rule', [...options(), '--set=policies.subscriber.cities=Oslo'], 'EP1206', ''],
    ['a newline', options({ origin: 'a.example.com\nevil: true' }), 'EP1105', ''],
    ['quotes', options({ project: '"acme"' }), 'EP1105', ''],
    ['an object that is none', [...options(), '--set=tags={"a":'], 'EP1103', ''],
    ['an account that is too short', options({ account: '1111' }), 'EP1105', '111111111111'],
  ])('refuses %s as validate does, and writes nothing', async (_what, argv, code, hint) => {
    const { init, files } = await initFolder();
    const ran = await init(argv);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(code) });
    expect(ran.stderr).toContain(hint);
    expect(await files()).toEqual({});
  });

  it.each([
    ['a city of quotes and signs', 'it\'s "%C3%85\\nb: {c}" # d'],
    ['a city that YAML could take for something else', 'no'],
    ['a city that looks like a document', '---'],
    ['a city that is a number', '0123'],
    ['a city that looks like a tag', '!!js/function x'],
  ])('writes %s so that it comes back', async (_what, city) => {
    const { init, run, config } = await initFolder();
    const cities = JSON.stringify([city]);
    await init([
      ...options(),
      `--set=policies.subscriber.cities=${cities}`,
      '--set=policies.subscriber.countries=["NO"]',
    ]);
    const text = await config();
    expect(parse(text)).toMatchObject({ policies: { subscriber: { cities: [city] } } });
    expect(parse(text, { version: '1.1' })).toMatchObject({
      policies: { subscriber: { cities: [city], countries: ['NO'] } },
    });
    expect((await run(['validate'])).code).toBe(0);
  });

  it.each([
    ['no value', ['--set=project']],
    ['no key', ['--set==x']],
    ['an empty name', ['--set=streams..mode=off']],
    ['a prototype', ['--set=__proto__.polluted=1']],
    ['a prototype as environment', ['--env=__proto__']],
    ['a key below a value', ['--set=project=acme', '--set=project.name=x']],
    ['a configuration file elsewhere', ['--config=../other.yaml']],
    ['a configuration file whose name a shell would take apart', ['--config=a b.yaml']],
    ['two folders', ['a', 'b']],
  ])('refuses options with %s as misuse', async (_what, argv) => {
    const { init, files } = await initFolder();
    expect((await init(argv)).code).toBe(2);
    expect(await files()).toEqual({});
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});
