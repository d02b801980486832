import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initFolder, options, typing } from './init-project.ts';

/** In the order in which they are asked. */
const ANSWERS = ['acme-video', 'origin.example.com', '4h', '/live/', 'dev', '111111111111', 'eu-west-1'];

describe('edgepass init with questions', () => {
  it('asks for what is required and has no default, and for nothing else', async () => {
    const { init, run, config } = await initFolder();
    const { code, stdout, stderr } = await init([], typing(...ANSWERS));
    expect([code, stdout]).toEqual([0, '']);
    expect([...stderr.matchAll(/^([\w.]+)(?:, .*?)?(?: \[.*\])?: /gm)].map((match) => match[1])).toEqual([
      'project',
      'origins.packager.domain',
      'policies.subscriber.lifetime',
      'streams.live.paths',
      'environments',
      'environments.dev.account',
      'environments.dev.region',
    ]);
    expect(parse(await config())).toEqual({
      project: 'acme-video',
      origins: { packager: { domain: 'origin.example.com' } },
      policies: { subscriber: { lifetime: '4h' } },
      streams: { live: { paths: ['/live/'], policy: 'subscriber' } },
      environments: { dev: { account: '111111111111', region: 'eu-west-1' } },
    });
    expect((await run(['validate'])).code).toBe(0);
  });

  it('asks only for what options leave open', async () => {
    const { init } = await initFolder();
    const { code, stderr } = await init(options({ origin: undefined }), typing('origin.example.com'));
    expect([code, stderr.match(/: /g)?.length]).toEqual([0, 1]);
    const none = await initFolder();
    expect((await none.init(options(), typing())).stderr).not.toContain('question');
  });

  it('asks again after a wrong answer, and says what is wrong with it', async () => {
    const { init, config } = await initFolder();
    const wrong = ['Acme!', 'no/host', '4 hours', 'live', 'Dev', '12'];
    const answers = ANSWERS.flatMap((right, index) => [...(wrong[index] === undefined ? [] : [wrong[index]]), right]);
    const { code, stderr } = await init([], typing(...answers));
    expect([code, stderr.match(/EP1105/g)?.length]).toEqual([0, wrong.length]);
    expect(stderr).toContain('Type it like acme-video');
    expect(parse(await config())).toMatchObject({ project: 'acme-video', streams: { live: { paths: ['/live/'] } } });
    expect(Object.keys((parse(await config()) as { environments: object }).environments)).toEqual(['dev']);
  });

  it('keeps the order of the environments, wrong answers or not', async () => {
    const { init, config } = await initFolder();
    const answers = [
      'dev, staging,prod',
      '1',
      '000000000001',
      'eu-west-1',
      'x',
      '000000000002',
      '',
      '333333333333',
      '',
    ];
    const { code } = await init(options({ env: undefined, account: undefined, region: undefined }), typing(...answers));
    expect(code).toBe(0);
    const { environments } = parse(await config()) as { environments: object };
    expect(Object.entries(environments)).toEqual([
      ['dev', { account: '000000000001', region: 'eu-west-1' }],
      ['staging', { account: '000000000002', region: 'eu-west-1' }],
      ['prod', { account: '333333333333', region: 'eu-west-1' }],
    ]);
  });

  it('offers the name of the folder, the first environment and the Region of the one before, and no account', async () => {
    const { init, files } = await initFolder();
    const { code, stderr } = await init(
      ['My Shop', ...options({ project: undefined, env: undefined, account: undefined })],
      typing('', '', '', '', '111111111111'),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('project [my-shop]: ')]);
    expect(stderr).toContain("cd 'My Shop'");
    expect(stderr.match(/environments\.dev\.account, for example \d+: /g)).toHaveLength(3);
    expect(Object.keys(await files())).toContain('My Shop/config.yaml');
  });

  it('takes an answer in the quotes that config.yaml would need', async () => {
    const { init, config } = await initFolder();
    await init(options({ account: undefined }), typing('"012345678901"'));
    expect(await config()).toContain('account: "012345678901"');
  });

  it.each(ANSWERS.map((_answer, index) => index))(
    'writes nothing when the input ends after %i answers',
    async (count) => {
      const { init, files } = await initFolder();
      const { code, stderr } = await init(['shop'], typing(...ANSWERS.slice(0, count)));
      expect([code, stderr]).toEqual([1, expect.stringContaining('EP7703')]);
      expect(stderr).toContain('`environments.dev.region`');
      expect(await files()).toEqual({});
    },
  );

  it('writes nothing when the input breaks off in the middle of an answer that is no answer', async () => {
    const { init, files } = await initFolder();
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('acme-video\norigin.exa');
    }
    const { code } = await init([], { interactive: true, stdin: stdin() });
    expect([code, await files()]).toEqual([1, {}]);
  });

  it('writes nothing when it is interrupted, though more input is there', async () => {
    const { init, files } = await initFolder();
    const interruption = new AbortController();
    async function* stdin(): AsyncGenerator<string> {
      yield 'acme-video\n';
      interruption.abort();
      yield `${ANSWERS.slice(1).join('\n')}\n`;
    }
    const { code, stderr } = await init([], { interactive: true, stdin: stdin(), interrupted: interruption.signal });
    expect([code, stderr]).toEqual([1, expect.stringContaining('EP7703')]);
    expect(await files()).toEqual({});
  });

  it.each(['--project=No Good', '--account=12'])('points out %s before it asks anything', async (option) => {
    const { init } = await initFolder();
    const { code, stderr } = await init([option], typing(...ANSWERS));
    expect([code, stderr]).toEqual([1, expect.stringContaining('EP1105')]);
    expect(stderr).not.toContain('question');
  });

  it('looks for files in the way before it asks anything', async () => {
    const { init } = await initFolder();
    await init(options());
    const { code, stderr } = await init([], typing(...ANSWERS));
    expect([code, stderr]).toEqual([1, expect.stringContaining('EP7701')]);
    expect(stderr).not.toContain('question');
  });

  it.each([['--yes'], ['--json']])('asks nothing with %s', async (option) => {
    const { init } = await initFolder();
    const { code, stdout, stderr } = await init([option], typing(...ANSWERS));
    expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('EP7702')]);
  });

  it('asks which policy a stream has when there are several, and knows no other', async () => {
    const { init, config } = await initFolder();
    const { code, stderr } = await init(
      [...options(), '--set=policies={"viewer":{"lifetime":"1h"},"guest":{"lifetime":"5m"}}'],
      typing('viewr', 'viewer'),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('Did you mean `viewer`?')]);
    expect(parse(await config())).toMatchObject({
      streams: { live: { policy: 'viewer' } },
    });
  });

  it('lets an answer of hostile names be no name', async () => {
    const { init, files } = await initFolder();
    const names = ['__proto__', 'a: b', 'x, constructor', '"', "it's"];
    const { code, stderr } = await init(options({ env: undefined }), typing(...names));
    expect([code, stderr.match(/EP1105/g)?.length]).toEqual([1, names.length]);
    expect(await files()).toEqual({});
  });
});
