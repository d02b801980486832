/**
 * A world for the page: the site as it ships, an API, and on another port media behind something that refuses as the edge does.
 * It checks nothing but what a test is about; the real edge and the real API have their own tests.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { siteHeaders } from '../../../runtime/demo/site-headers.ts';
import { type SiteFiles, siteFiles } from './site-files.ts';

const MEDIA = new URL('media/', import.meta.url);
const TYPES: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  m4s: 'video/iso.segment',
};
export const CODE = 'a code of the tests';

interface Issued {
  session: string;
  token: string;
}

export interface FakeWorld {
  url: string;
  media: string;
  /** Sessions that are refused. */
  revoked: Set<string>;
  /** A reason with which everything is refused, as `403 binding_mismatch`; without a reason, as `403`. */
  refusing: string;
  /** Tokens as they were asked with, in order, each once in a row. */
  asked: string[];
  requests: { method: string; url: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

export interface FakeOptions {
  mount?: 'local' | 'demo';
  needsCode?: boolean;
  /** Seconds. */
  lifetime?: number;
  /** Of the stream. */
  mode?: 'enforce' | 'report' | 'off';
  /** Titles of assets that are there as well, in DASH only, and cannot be played. */
  others?: readonly string[];
}

export async function fakeWorld(options: FakeOptions = {}): Promise<FakeWorld> {
  const site = await siteFiles();
  const world = {
    revoked: new Set<string>(),
    refusing: '',
    asked: [] as string[],
    requests: [] as FakeWorld['requests'],
  };
  const issued = new Map<string, Issued>();
  const edge = await listen((request, response) =>
    serveMedia({ request, response, world, issued, mode: options.mode }),
  );
  const media = address(edge);
  const page = await listen((request, response) => {
    world.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    if (request.url?.startsWith('/api/')) serveApi({ request, response, world, issued, options, media });
    else serveSite({ request, response, site, media });
  });
  return Object.assign(world, {
    url: address(page),
    media,
    close: async () => {
      for (const server of [page, edge]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  });
}

type World = Pick<FakeWorld, 'revoked' | 'refusing' | 'asked'>;
interface Served {
  request: IncomingMessage;
  response: ServerResponse;
}

function serveSite({ request, response, site, media }: Served & { site: SiteFiles; media: string }): void {
  const path = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
  const file = site.index.files.find((one) => one.path === path);
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { ...siteHeaders([media]), ...file.headers }).end(site.files.get(path));
}

function serveMedia({
  request,
  response,
  world,
  issued,
  mode = 'enforce',
}: Served & { world: World; issued: Map<string, Issued>; mode: FakeOptions['mode'] }): void {
  const [, country = '', token = '', name = ''] =
    /^(?:\/~country\/([A-Z]{2}))?\/([\w.-]+)\/vod\/demo\/([\w.-]+)$/.exec(request.url ?? '') ?? [];
  const cors = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };
  if (world.asked.at(-1) !== token) world.asked.push(token);
  const found = world.refusing || refusalOf({ country, known: issued.get(token), revoked: world.revoked });
  const refusal = mode === 'enforce' ? found : '';
  if (refusal !== '') {
    const [status = '', reason = ''] = refusal.split(' ');
    const told =
      reason === '' ? {} : { 'x-edgepass-reason': reason, 'access-control-expose-headers': 'x-edgepass-reason' };
    response.writeHead(Number(status), { ...cors, ...told }).end();
    return;
  }
  response.writeHead(200, { ...cors, 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain' });
  response.end(readFileSync(new URL(name, MEDIA)));
}

function refusalOf(asked: { country: string; known: Issued | undefined; revoked: Set<string> }): string {
  if (asked.known === undefined) return '401 signature_invalid';
  if (asked.country === 'US') return '451 geo_not_allowed';
  return asked.revoked.has(asked.known.session) ? '410 session_revoked' : '';
}

interface ApiServed extends Served {
  world: World;
  issued: Map<string, Issued>;
  options: FakeOptions;
  media: string;
}

function serveApi({ request, response, world, issued, options, media }: ApiServed): void {
  const answer = (status: number, body: object): void => {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body));
  };
  const { mount = 'demo', needsCode = false, lifetime = 3600 } = options;
  const issue = (session: string) => {
    const token = fakeToken(session, lifetime);
    issued.set(token, { session, token });
    const at = `${media}/${token}/vod/demo/`;
    return {
      session,
      token,
      asset: 'film',
      policy: 'subscriber',
      urls: { hls: `${at}index.m3u8`, dash: `${at}manifest.mpd` },
    };
  };
  const path = (request.url ?? '').split('?')[0]?.slice('/api'.length) ?? '';
  if (path === '/about') {
    const about = { mount, needsCode, project: 'acme-video', environment: 'dev', version: '0.1.0' };
    answer(200, mount === 'local' ? { ...about, countries: ['FR', 'US'] } : about);
    return;
  }
  if (needsCode && request.headers['x-edgepass-code'] !== CODE) {
    answer(401, { type: '/problems/code-wrong', title: 'The access code is wrong.', status: 401 });
    return;
  }
  if (path === '/assets') {
    const { mode = 'enforce', others = [] } = options;
    const film = { id: 'film', title: 'Test picture', policy: 'subscriber', formats: ['hls', 'dash'], mode };
    const all = [film, ...others.map((title, n) => ({ ...film, id: `other-${n}`, title, formats: ['dash'] }))];
    // Two to a page.
    const after = new URLSearchParams((request.url ?? '').split('?')[1]).get('after');
    const from = 1 + all.findIndex(({ id }) => id === after);
    const assets = all.slice(from, from + 2);
    answer(200, { assets, ...(from + 2 < all.length && { next: assets.at(-1)?.id }) });
    return;
  }
  if (path === '/policies') {
    const bind = { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] };
    answer(200, { policies: [{ name: 'subscriber', lifetime: 14400, session: true, countries: ['FR', 'BE'], bind }] });
    return;
  }
  if (path === '/playback/film') {
    answer(201, issue(randomBytes(16).toString('base64url')));
    return;
  }
  const [, session = '', verb = ''] = /^\/sessions\/([\w-]+)\/(refresh|revocation)$/.exec(path) ?? [];
  if (issued.get(String(request.headers['x-edgepass-token']))?.session !== session) {
    answer(403, { type: '/problems/other-session', title: 'Not your session.', status: 403 });
  } else if (verb === 'revocation') {
    world.revoked.add(session);
    answer(200, { session, state: 'revoked', expires: 1 });
  } else if (world.revoked.has(session)) {
    answer(410, { type: '/problems/session-revoked', title: 'The session was revoked.', status: 410 });
  } else answer(200, issue(session));
}

/** Of the right form; nobody could check its signature. */
function fakeToken(session: string, lifetime: number): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    ...{ aud: 'acme-video/dev', iat: now, exp: now + lifetime, paths: ['/vod/demo/'], ssn: session, co: ['FR', 'BE'] },
    ...{ ip: 24, ip_ver: 4, headers: ['user-agent'], intsig: randomBytes(32).toString('base64url') },
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid: 'k7' })}.${part(payload)}`;
  return `${session}.${text}.${createHmac('sha256', 'nobody').update(text).digest('base64url')}`;
}

function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
