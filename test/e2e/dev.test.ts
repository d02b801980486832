/** `edgepass dev` as people start it: it says where it is, what is wrong, and ends when it is told to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';
import { describeWith } from '../helpers/needs.ts';

const CONFIG = `project: acme-video
origins: {packager: {domain: origin.example.com}}
policies: {subscriber: {lifetime: 1h, session: true, countries: [FR], bind: {headers: [user-agent]}}}
streams: {live: {paths: [/live/], policy: subscriber}, vod: {paths: [/vod/], policy: subscriber, mode: report}}
modules: {base: {}}
environments: {prod: {account: "111111111111", region: eu-west-1, protected: true}, dev: {account: "222222222222", region: eu-west-1}}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-dev-'));
  writeFileSync(join(folder, 'config.yaml'), CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  process: ChildProcess;
  /** JSON lines that came so far. */
  lines: Record<string, unknown>[];
  /** Resolves when there is a line that fits. */
  line(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Resolves when standard output has these words. */
  said(words: string): Promise<void>;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

const runs: Run[] = [];
afterEach(async () => {
  for (const { process, ended } of runs.splice(0)) {
    process.kill('SIGKILL');
    await ended;
  }
});

function dev(...args: string[]): Run {
  const started = spawn(process.execPath, [join(root, 'dist/cli.js'), 'dev', ...args], { cwd: folder });
  const [out, err]: [string[], string[]] = [[], []];
  const lines: Record<string, unknown>[] = [];
  let told: () => void = () => {};
  let partial = '';
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out.push(chunk);
    const parts = (partial + chunk).split('\n');
    partial = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('{"')) lines.push(JSON.parse(part) as Record<string, unknown>);
    told();
  });
  started.stderr.setEncoding('utf8').on('data', (chunk: string) => err.push(chunk));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((done) => {
    started.once('close', (code) => {
      done({ code, out: out.join(''), err: err.join('') });
      told();
    });
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      if (started.exitCode !== null) throw new Error(`it ended: ${err.join('')}`);
      await new Promise<void>((done) => {
        told = done;
      });
    }
  };
  const run: Run = {
    process: started,
    lines,
    ended,
    async line(fits) {
      await until(() => lines.some(fits));
      return lines.find(fits) as Record<string, unknown>;
    },
    said: (words) => until(() => out.join('').includes(words)),
  };
  runs.push(run);
  return run;
}

/** Starts it at a free port; its address without a slash. */
async function serving(...args: string[]): Promise<{ run: Run; url: string; first: Record<string, unknown> }> {
  const run = dev('--json', '--port', '0', ...args);
  const first = await run.line((line) => 'url' in line);
  return { run, url: String(first.url).replace(/\/$/, ''), first };
}

async function firstSegment(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/playback/test-channel`, { method: 'POST' });
  const { urls } = (await answer.json()) as { urls: { hls: string } };
  const playlist = await (await fetch(urls.hls.replace('index.m3u8', 'audio.m3u8'))).text();
  return urls.hls.replace('index.m3u8', /audio\/\d+\.m4s/.exec(playlist)?.[0] ?? 'none');
}

async function plays(...args: string[]): Promise<void> {
  const { run, url } = await serving('--fresh', ...args);
  const segment = await firstSegment(url);
  expect((await fetch(segment)).status).toBe(200);
  const refused = await fetch(segment.replace('/live/', '/vod/'));
  expect([refused.status, refused.headers.get('x-edgepass-reason')]).toEqual([404, null]);
  const other = await fetch(segment, { headers: { 'user-agent': 'Other' } });
  expect([other.status, other.headers.get('x-edgepass-reason')]).toEqual([403, 'binding_mismatch']);
  expect(await run.line((line) => line.reason === 'binding_mismatch')).toMatchObject({
    verdict: 'refused',
    stream: 'live',
  });
  expect(await run.line((line) => line.verdict === 'report')).toMatchObject({ status: 404, stream: 'vod' });
  run.process.kill('SIGINT');
  expect((await run.ended).code).toBe(0);
}

describe('edgepass dev', () => {
  it('plays in an empty project, says of each request what became of it, and ends with Ctrl-C', async () => {
    await plays();
    expect(readFileSync(join(folder, '.edgepass/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('takes the first environment that is not protected, and tells of its own assets', async () => {
    const { first } = await serving('--fresh');
    expect(first).toMatchObject({ environment: 'dev', diagnostics: [{ code: 'EP8007' }] });
  });

  it('says what runs where, without --json', async () => {
    const run = dev('--port', '0', '--mode', 'enforce', '--country', 'BE', '--fresh');
    await run.said('Ctrl-C ends.');
    run.process.kill('SIGINT');
    const { out, err, code } = await run.ended;
    expect(code).toBe(0);
    expect(out).toMatch(/Open +http:\/\/localhost:\d+\//);
    expect(out).toMatch(/live enforce, vod enforce/);
    expect(out).toContain('BE');
    expect(err).toContain('EP8007');
  });

  it.each([
    [['--port', 'x'], '--port'],
    [['--port', '70000'], '--port'],
    [['--country', 'France'], '--country'],
    [['--region', 'CA'], '--region'],
    [['--region', 'US-CA', '--country', 'FR'], '--region'],
    [['--viewer-ip', '1.2.3'], '--viewer-ip'],
    [['--origin', 'ftp://a'], '--origin'],
    [['--origin', 'https://a/?x=1'], '--origin'],
    [['--latency', 'slow'], '--latency'],
    [['--mode', 'off'], '--mode'],
    [['--engine', 'v8'], '--engine'],
    [['--host', 'here'], '--host'],
    [['extra'], 'arguments'],
  ])('refuses %j', async (args, named) => {
    const { code, err } = await dev(...args).ended;
    expect(code).toBe(2);
    expect(err).toContain(named);
  });

  it('says so when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const { port } = taken.address() as { port: number };
    const { code, err } = await dev('--port', String(port)).ended;
    taken.close();
    expect([code, err]).toEqual([1, expect.stringContaining('EP8001')]);
  });

  it('says so when the state is not what it wrote, and goes on with --fresh', async () => {
    mkdirSync(join(folder, '.edgepass/dev/dev'), { recursive: true });
    writeFileSync(join(folder, '.edgepass/dev/dev/secrets.json'), '{"key":');
    const { code, err } = await dev('--port', '0').ended;
    expect([code, err]).toEqual([1, expect.stringContaining('EP8003')]);
    expect(err).toContain('--fresh');
    await serving('--fresh');
  });

  it('runs once for an environment', async () => {
    await serving('--fresh');
    const { code, err } = await dev('--port', '0').ended;
    expect([code, err]).toEqual([1, expect.stringContaining('EP8004')]);
  });

  it('says so when the folder cannot be made', async () => {
    const away = mkdtempSync(join(tmpdir(), 'edgepass-dev-'));
    writeFileSync(join(away, 'config.yaml'), CONFIG);
    writeFileSync(join(away, '.edgepass'), 'a file');
    chmodSync(join(away, '.edgepass'), 0o400);
    const { code, err } = await dev('--config', join(away, 'config.yaml')).ended;
    rmSync(away, { recursive: true, force: true });
    expect([code, err]).toEqual([1, expect.stringContaining('EP8002')]);
  });

  it('warns when other machines can reach it', async () => {
    const { first } = await serving('--fresh', '--host', '0.0.0.0');
    expect(first.diagnostics).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'EP8008' })]));
  });

  it('says that njs is not there', async () => {
    const run = spawn(process.execPath, [join(root, 'dist/cli.js'), 'dev', '--engine', 'njs'], {
      cwd: folder,
      env: { PATH: '' },
    });
    const err: string[] = [];
    run.stderr.setEncoding('utf8').on('data', (chunk: string) => err.push(chunk));
    const code = await new Promise((done) => run.once('close', done));
    expect([code, err.join('')]).toEqual([1, expect.stringContaining('EP8006')]);
  });
});

describeWith(['njs'], 'edgepass dev --engine njs', () => {
  it('plays as well', () => plays('--engine', 'njs'));
});
