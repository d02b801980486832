/** The local edge over HTTP: function, origin, token API, and what it says of each request. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeOptions, type LocalEdge, openEdge } from '../../../generator/local/edge.ts';
import { openFolder, type StateFolder } from '../../../generator/local/state/folder.ts';
import { CorruptState } from '../../../generator/local/state/json-file.ts';
import type { Verdict } from '../../../generator/local/verdict.ts';
import type { Environment } from '../../../generator/modules/contract.ts';
import { root } from '../../helpers/config.ts';
import { environment as base, options as edgeSettings, edgeText } from '../../runtime/base/world.ts';

const environment: Environment = {
  ...base,
  origins: { vod: base.origins.vod as Environment['origins'][string] },
  cors: { origins: ['https://www.example.com'], credentials: false },
  policies: {
    viewer: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE'],
      bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
    },
  },
  streams: {
    vod: { paths: ['/vod/'], policy: 'viewer', mode: 'enforce', carriage: { in: 'path' } },
    live: { paths: ['/live/'], policy: 'viewer', mode: 'report', carriage: { in: 'path' } },
  },
  assets: {
    film: { stream: 'vod', path: '/vod/film/', playlists: { hls: 'index.m3u8', dash: 'manifest.mpd' }, demo: true },
    channel: { stream: 'live', path: '/live/one/', playlists: { hls: 'index.m3u8' }, demo: true },
  },
};

/** Tokens in the query, and a stream of another host. */
const other: Environment = {
  ...environment,
  policies: { open: { lifetime: 600, session: false } },
  streams: {
    query: { paths: ['/query/'], policy: 'open', mode: 'enforce', carriage: { in: 'query', name: 'token' } },
    hosted: {
      paths: ['/hosted/'],
      policy: 'open',
      mode: 'enforce',
      carriage: { in: 'path' },
      hosts: ['media.example.com'],
    },
  },
  assets: {
    asked: { stream: 'query', path: '/query/a/', playlists: { hls: 'index.m3u8' }, demo: false },
    elsewhere: { stream: 'hosted', path: '/hosted/live/', playlists: { hls: 'index.m3u8' }, demo: false },
  },
};

let text: string;
const folder = mkdtempSync(join(tmpdir(), 'edgepass-edge-'));
beforeAll(async () => {
  text = await edgeText(environment, edgeSettings);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Local {
  edge: LocalEdge;
  state: StateFolder;
  url: string;
  verdicts: Verdict[];
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function start(more: Partial<EdgeOptions> & { fresh?: boolean } = {}): Promise<Local> {
  const { fresh = true, ...rest } = more;
  const verdicts: Verdict[] = [];
  const state = openFolder(join(folder, 'state'), { fresh });
  try {
    const edge = await openEdge({
      environment,
      edge: { id: 'validator', text, sha256: '', exposesReason: true },
      state,
      packageRoot: root,
      version: '1.2.3',
      host: '127.0.0.1',
      port: 0,
      whereabouts: { country: 'FR' },
      latency: 0,
      now: Date.now,
      report: (verdict) => verdicts.push(verdict),
      failed: (error) => {
        throw error;
      },
      ...rest,
    });
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (isOpen) await edge.close();
      isOpen = false;
      state.release();
    };
    opened.push(close);
    return { edge: { ...edge, close }, state, url: `http://127.0.0.1:${edge.port}`, verdicts };
  } catch (error) {
    state.release();
    throw error;
  }
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Not `fetch`, which repairs paths. */
function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const [, origin = '', path] = /^(http:\/\/[^/]+)(.*)$/.exec(url) ?? [];
  const { hostname, port } = new URL(origin);
  return new Promise((done, fail) => {
    const sent = httpRequest({
      hostname,
      port,
      path: path || '/',
      method,
      headers: { 'user-agent': 'Player', ...headers },
    });
    sent.on('error', fail).on('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      done({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      });
    });
    sent.end(body);
  });
}

interface Playback {
  session: string;
  token: string;
  urls: { hls: string; dash?: string };
}

async function play({ url }: Local, asset = 'film', headers: Record<string, string> = {}): Promise<Playback> {
  const answer = await ask(`${url}/api/playback/${asset}`, { method: 'POST', headers });
  expect([answer.status, answer.body.slice(0, 200)]).toEqual([201, expect.anything()]);
  return JSON.parse(answer.body) as Playback;
}

const reasonOf = ({ status, headers }: Answer): string => `${status} ${headers['x-edgepass-reason'] ?? ''}`.trim();
const segment = ({ urls }: Playback): string => urls.hls.replace('index.m3u8', 'audio/1.m4s');

describe('a session', () => {
  it('plays, is revoked within the next request, and stays dead; a new one plays', async () => {
    const local = await start();
    const playback = await play(local);
    for (const url of [playback.urls.hls, playback.urls.dash as string, segment(playback)])
      expect((await ask(url)).status).toBe(200);
    const headers = { 'x-edgepass-token': playback.token };
    const revoked = await ask(`${local.url}/api/sessions/${playback.session}/revocation`, { method: 'POST', headers });
    expect(revoked.status).toBe(200);
    expect(reasonOf(await ask(segment(playback)))).toBe('410 session_revoked');
    const refreshed = await ask(`${local.url}/api/sessions/${playback.session}/refresh`, { method: 'POST', headers });
    expect(refreshed.status).toBe(410);
    expect(local.verdicts.at(-1)).toMatchObject({ method: 'POST', verdict: 'refused', reason: 'session-revoked' });
    expect((await ask(segment(await play(local)))).status).toBe(200);
  });

  it('is refreshed: another token, the same session, and both play', async () => {
    const local = await start();
    const playback = await play(local);
    const headers = { 'x-edgepass-token': playback.token };
    const answer = await ask(`${local.url}/api/sessions/${playback.session}/refresh`, { method: 'POST', headers });
    const next = JSON.parse(answer.body) as Playback;
    expect([answer.status, next.session]).toEqual([200, playback.session]);
    expect((await ask(segment(next))).status).toBe(200);
  });

  it('is kept by the next run, and so is its revocation; --fresh forgets both', async () => {
    const first = await start();
    const [kept, dead] = [await play(first), await play(first)];
    await ask(`${first.url}/api/sessions/${dead.session}/revocation`, {
      method: 'POST',
      headers: { 'x-edgepass-token': dead.token },
    });
    await first.edge.close();
    const again = await start({ fresh: false });
    const here = (playback: Playback): string => segment(playback).replace(/^http:\/\/[^/]+/, again.url);
    expect((await ask(here(kept))).status).toBe(200);
    expect(reasonOf(await ask(here(dead)))).toBe('410 session_revoked');
    await again.edge.close();
    const fresh = await start();
    expect(reasonOf(await ask(segment(kept).replace(/^http:\/\/[^/]+/, fresh.url)))).toBe('401 key_unknown');
  });
});

describe('a copied URL', () => {
  it.each([
    ['another player', { 'user-agent': 'Other' }, '403 binding_mismatch'],
    ['a country that it claims itself', { 'cloudfront-viewer-country': 'BR' }, '200'],
  ])('of %s', async (_what, headers, expected) => {
    const local = await start();
    expect(reasonOf(await ask(segment(await play(local)), { headers }))).toBe(expected);
  });

  it('from another country, by its prefix', async () => {
    const local = await start();
    const url = segment(await play(local));
    const from = (country: string): string => url.replace(local.url, `${local.url}/~country/${country}`);
    expect(reasonOf(await ask(from('BE')))).toBe('200');
    expect(reasonOf(await ask(from('BR')))).toBe('451 geo_not_allowed');
    expect(local.verdicts.at(-1)).toMatchObject({ country: 'BR', verdict: 'refused', reason: 'geo_not_allowed' });
    expect(reasonOf(await ask(from('br')))).toMatch(/^40/);
    const issue = (country: string) => ask(`${local.url}/~country/${country}/api/playback/film`, { method: 'POST' });
    expect((await issue('BE')).status).toBe(201);
    expect([(await issue('BR')).status, local.verdicts.at(-1)]).toEqual([
      451,
      expect.objectContaining({ country: 'BR', verdict: 'refused', reason: 'place-not-allowed' }),
    ]);
  });

  it('from another network', async () => {
    const here = await start({ viewerIp: '198.51.100.7' });
    const url = segment(await play(here));
    expect((await ask(url)).status).toBe(200);
    await here.edge.close();
    const there = await start({ viewerIp: '203.0.113.9', fresh: false });
    expect(reasonOf(await ask(url.replace(here.url, there.url)))).toBe('403 binding_mismatch');
  });

  it('with a change in its signature', async () => {
    const local = await start();
    const playback = await play(local);
    const [head, last] = [playback.token.slice(0, -2), playback.token.slice(-2)];
    const other = `${head}${last[0] === 'A' ? 'B' : 'A'}${last[1]}`;
    expect(reasonOf(await ask(segment(playback).replace(playback.token, other)))).toBe('401 signature_invalid');
  });
});

describe('what is passed and what is not', () => {
  it.each([
    ['/vod/film/index.m3u8', 'GET', '401 token_missing'],
    ['/vod/film/index.m3u8', 'POST', '403'],
    ['/vod/../vod/film/index.m3u8', 'GET', '400 path_not_canonical'],
    ['/vod//film/index.m3u8', 'GET', '400 path_not_canonical'],
    ['/nowhere', 'GET', '403 path_not_allowed'],
    ['/live/one/index.m3u8', 'GET', '200'],
  ])('%s by %s: %s %s', async (path, method, expected) => {
    const local = await start();
    expect(reasonOf(await ask(`${local.url}${path}`, { method }))).toBe(expected);
  });

  it('takes the token out of the query, and knows streams of other hosts by their path', async () => {
    const made = await edgeText(other, edgeSettings);
    const edge = { id: 'validator', text: made, sha256: '', exposesReason: true };
    const local = await start({ environment: other, edge });
    const asked = await play(local, 'asked');
    expect(asked.urls.hls).toContain('?token=');
    expect((await ask(asked.urls.hls)).status).toBe(200);
    const elsewhere = await play(local, 'elsewhere');
    expect(elsewhere.urls.hls.startsWith(local.url)).toBe(true);
    expect((await ask(elsewhere.urls.hls)).status).toBe(200);
  });

  it('answers preflights and adds CORS headers as CloudFront would', async () => {
    const local = await start();
    const { urls } = await play(local);
    const origin = 'https://www.example.com';
    const preflight = await ask(urls.hls, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, origin]);
    expect((await ask(urls.hls, { headers: { origin } })).headers['access-control-allow-origin']).toBe(origin);
    const foreign = await ask(urls.hls, { headers: { origin: 'https://evil.example' } });
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers HEAD and ranges', async () => {
    const local = await start();
    const url = segment(await play(local));
    const head = await ask(url, { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    const part = await ask(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, part.body]).toEqual([206, 'moof']);
  });

  it('puts a mode in place of the configured ones, at the edge and in what the API says of it', async () => {
    const modes = async ({ url }: Local): Promise<string[]> => {
      const { assets } = JSON.parse((await ask(`${url}/api/assets`)).body) as { assets: { mode: string }[] };
      return assets.map(({ mode }) => mode);
    };
    const report = await start({ mode: 'report' });
    expect(await modes(report)).toEqual(['report', 'report']);
    expect((await ask(`${report.url}/vod/film/index.m3u8`)).status).toBe(200);
    expect(report.verdicts.at(-1)).toMatchObject({ verdict: 'report', reason: 'token_missing', stream: 'vod' });
    await report.edge.close();
    const enforce = await start({ mode: 'enforce', fresh: false });
    expect(reasonOf(await ask(`${enforce.url}/live/one/index.m3u8`))).toBe('401 token_missing');
    expect(await modes(enforce)).toEqual(['enforce', 'enforce']);
    await enforce.edge.close();
    const configured = await start({ fresh: false });
    expect((await ask(`${configured.url}/live/one/index.m3u8`)).status).toBe(200);
    expect(await modes(configured)).toEqual(['report', 'enforce']);
  });

  it('tells of each request without token and query', async () => {
    const local = await start();
    const playback = await play(local);
    await ask(`${segment(playback)}?secret=1`);
    await ask(`${local.url}/x${playback.urls.hls.slice(local.url.length)}`);
    expect(local.verdicts[1]).toMatchObject({
      method: 'GET',
      path: '/…/vod/film/audio/1.m4s',
      verdict: 'pass',
      status: 200,
    });
    for (const verdict of local.verdicts) expect(JSON.stringify(verdict)).not.toMatch(/eyJ|secret/);
  });
});

describe('the doors beside the media', () => {
  it('says what it is', async () => {
    const local = await start();
    expect(JSON.parse((await ask(`${local.url}/api/about`)).body)).toMatchObject({
      mount: 'local',
      needsCode: false,
      environment: environment.name,
      version: '1.2.3',
      countries: expect.arrayContaining(['FR', 'BR']),
    });
    // Without a site the page is a path like any other.
    expect(reasonOf(await ask(`${local.url}/`))).toBe('403 path_not_allowed');
  });

  it('serves a site under its headers, and nothing else below it', async () => {
    const page = { headers: { 'content-type': 'text/html', 'x-mark': '1' }, bytes: Buffer.from('<p>') };
    const local = await start({ site: new Map([['/', page]]) });
    expect(await ask(`${local.url}/`)).toMatchObject({ status: 200, body: '<p>', headers: { 'x-mark': '1' } });
    expect((await ask(`${local.url}/`, { method: 'POST' })).status).toBe(405);
    expect(reasonOf(await ask(`${local.url}/other`))).toBe('403 path_not_allowed');
  });

  it.each([
    ['GET', '/api/nothing', 404],
    ['POST', '/api/playback/unknown', 404],
    ['PUT', '/api/assets/film', 403],
    ['POST', '/api/sessions/abcdefghijklmnopqrstuv/refresh', 400],
  ])('refuses %s %s', async (method, path, status) => {
    const local = await start();
    const answer = await ask(`${local.url}${path}`, { method });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
  });

  it('reads no endless body', async () => {
    const local = await start();
    const sent = await ask(`${local.url}/api/playback/film`, { method: 'POST', body: 'x'.repeat(10_000_000) });
    const { type, status } = JSON.parse(sent.body) as { type: string; status: number };
    expect([sent.status, sent.headers['content-type'], type, status]).toEqual([
      ...[413, 'application/problem+json', '/problems/body-too-large', 413],
    ]);
  });

  it('answers nobody who came by a name of somebody else', async () => {
    const local = await start();
    const { port } = new URL(local.url);
    const statusOf = async (host: string, path = '/api/about') =>
      (await ask(`${local.url}${path}`, { headers: { host } })).status;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `demo.localhost:${port}`, '[::1]', '192.0.2.7'])
      expect([host, await statusOf(host)]).toEqual([host, 200]);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect([host, await statusOf(host)]).toEqual([host, 421]);
    expect(await statusOf('evil.example', '/vod/film/index.m3u8')).toBe(421);
  });

  it('lets no client say who it is', async () => {
    const local = await start();
    const spoofed = { 'x-edgepass-viewer-address': '203.0.113.9', 'cloudfront-viewer-country': 'BR' };
    expect((await ask(segment(await play(local, 'film', spoofed)))).status).toBe(200);
  });

  it('leaves an issuer record for `token create`', async () => {
    const local = await start();
    const record = JSON.parse(readFileSync(join(local.state.path, 'issuer-record.json'), 'utf8')) as object;
    expect(record).toMatchObject({ version: 1, audience: `${environment.project}/${environment.name}` });
  });
});

describe('state of another project', () => {
  it('is not used', async () => {
    await (await start()).edge.close();
    const another = { ...environment, project: 'another' };
    await expect(start({ environment: another, fresh: false })).rejects.toThrow(CorruptState);
  });
});

describe('an origin of one’s own', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  async function origin(listener: RequestListener): Promise<URL> {
    const made = createServer(listener);
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    return new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}/store/`);
  }

  it('gets the checked path behind its own, and of the headers what CloudFront sends on', async () => {
    const seen: IncomingMessage[] = [];
    const url = await origin((request, response) => {
      seen.push(request);
      response.writeHead(206, {
        'content-type': 'video/mp4',
        'x-own': '1',
        'access-control-allow-origin': 'https://other',
      });
      response.end('part');
    });
    const local = await start({ origin: url });
    const playback = await play(local);
    const headers = {
      range: 'bytes=0-3',
      cookie: 'a=b',
      'x-other': '1',
      'x-edgepass-fake': '1',
      origin: 'https://www.example.com',
    };
    const answer = await ask(`${segment(playback)}?a=1&b=%2F`, { headers });
    expect([answer.status, answer.body, answer.headers['x-own']]).toEqual([206, 'part', '1']);
    expect(answer.headers['access-control-allow-origin']).toBe('https://www.example.com');
    expect(seen[0]?.url).toBe('/store/vod/film/audio/1.m4s?a=1&b=%2F');
    expect(seen[0]?.headers).toMatchObject({ range: 'bytes=0-3', 'user-agent': 'Amazon CloudFront', host: url.host });
    for (const name of ['cookie', 'x-other', 'x-edgepass-fake', 'origin'])
      expect(seen[0]?.headers[name]).toBeUndefined();
    expect(seen[0]?.url).not.toContain('eyJ');
  });

  it('gets reading requests alone, whatever the mode', async () => {
    const methods: string[] = [];
    const url = await origin((request, response) => {
      methods.push(request.method ?? '');
      response.end();
    });
    const local = await start({ origin: url });
    for (const method of ['DELETE', 'POST', 'PUT', 'PATCH'])
      expect((await ask(`${local.url}/live/one/index.m3u8`, { method })).status).toBe(403);
    expect(local.verdicts.at(-1)).toMatchObject({ verdict: 'refused', reason: 'method' });
    for (const method of ['GET', 'HEAD']) await ask(`${local.url}/live/one/index.m3u8`, { method });
    expect(methods).toEqual(['GET', 'HEAD']);
  });

  it('gets the bytes of a header as they came', async () => {
    let seen: string | undefined;
    const url = await origin((request, response) => {
      seen = request.headers['if-none-match'];
      response.writeHead(304).end();
    });
    const local = await start({ origin: url });
    const tag = Buffer.from('"é–1"').toString('latin1');
    const answer = await ask(segment(await play(local)), { headers: { 'if-none-match': tag } });
    expect([answer.status, seen]).toEqual([304, tag]);
  });

  it('is asked again where it has closed a connection that was kept', async () => {
    const used = new Map<unknown, number>();
    const url = await origin((request, response) => {
      const before = used.get(request.socket) ?? 0;
      used.set(request.socket, before + 1);
      if (before > 0) request.socket.destroy();
      else response.end('part');
    });
    const local = await start({ origin: url });
    const target = segment(await play(local));
    for (let i = 0; i < 3; i += 1) expect((await ask(target)).status).toBe(200);
    expect(Math.max(...used.values())).toBe(2);
  });

  it('is waited for while the viewer does not read', async () => {
    const size = 32 * 1024 * 1024;
    const origins = { vod: { ...(base.origins.vod as Environment['origins'][string]), timeout: 0.2 } };
    const url = await origin((_request, response) => response.end(Buffer.alloc(size)));
    const local = await start({ origin: url, environment: { ...environment, origins } });
    const target = new URL(segment(await play(local)));
    const received = await new Promise<number>((done, fail) => {
      httpRequest(target, { headers: { 'user-agent': 'Player' } }, async (response) => {
        await new Promise((waited) => setTimeout(waited, 700));
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('error', fail).on('end', () => done(bytes));
      }).end();
    });
    expect(received).toBe(size);
  });

  it('that is not there is 502', async () => {
    const url = await origin(() => {});
    server?.close();
    const local = await start({ origin: url });
    expect((await ask(segment(await play(local)))).status).toBe(502);
    expect(local.verdicts.at(-1)).toMatchObject({ verdict: 'error' });
  });

  it('that does not answer is 504', async () => {
    const origins = { vod: { ...(base.origins.vod as Environment['origins'][string]), timeout: 0.05 } };
    const local = await start({ origin: await origin(() => {}), environment: { ...environment, origins } });
    expect((await ask(segment(await play(local)))).status).toBe(504);
  });

  it('hears that the viewer has gone', async () => {
    let gone: (() => void) | undefined;
    const ended = new Promise<void>((done) => {
      gone = done;
    });
    const url = await origin((request, response) => {
      response.writeHead(200).write('a');
      request.socket.once('close', () => gone?.());
    });
    const local = await start({ origin: url });
    const target = new URL(segment(await play(local)));
    const sent = httpRequest(target, { headers: { 'user-agent': 'Player' } }, (response) => {
      response.once('data', () => sent.destroy());
      response.on('error', () => {});
    });
    sent.on('error', () => {}).end();
    await ended;
  });
});
