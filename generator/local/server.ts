/** The HTTP server of the local edge: mounts first, then everything else through the function. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { answerMedia, type EdgeWorld } from './edge-request.ts';
import type { Mount } from './mount.ts';
import { shownPath, type Verdict } from './verdict.ts';
import { addressOf, targetOf, type Viewer, type Whereabouts } from './viewer.ts';

export interface ServerOptions extends EdgeWorld {
  mounts: readonly Mount[];
  /** Whether a `Host` header names this machine. */
  isOwnName(host: string | undefined): boolean;
  /** In place of what connections say. */
  viewerIp?: string;
  /** Where viewers are who do not say otherwise (`/~country/<CC>/`). */
  whereabouts: Whereabouts;
  /** Milliseconds that every media request waits first. */
  latency: number;
  report(verdict: Verdict): void;
}

export interface LocalServer {
  /** Port that it listens at. */
  port: number;
  close(): Promise<void>;
}

/** A viewer in another country, for this one request: the prefix is taken away before anything looks at the path. */
const COUNTRY = /^\/~country\/([A-Z]{2})(?=\/)/;

/** Milliseconds that answers under way get when the server stops. */
const GRACE = 1_000;

/** Rejects when the address cannot be listened at. */
export async function listen(options: ServerOptions, at: { host: string; port: number }): Promise<LocalServer> {
  let count = 0;
  const server = createServer({ maxHeaderSize: 32_768, keepAliveTimeout: 60_000 }, (request, response) => {
    count += 1;
    const id = `local-${count}`;
    answer(options, { request, response, id }).catch((error: unknown) => {
      options.report({
        time: options.now(),
        method: request.method ?? '',
        path: shownPath(targetOf(request.url ?? '/').path),
        status: 500,
        verdict: 'error',
        reason: `edgepass: ${(error as Error).message}`,
        took: 0,
      });
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-length': '0' }).end();
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(at.port, at.host, () => {
      server.off('error', fail);
      done();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : at.port,
    close: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  await Promise.race([closed, pause(GRACE, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  id: string;
}

async function answer(options: ServerOptions, { request, response, id }: Exchange): Promise<void> {
  const started = performance.now();
  const time = options.now();
  const whole = targetOf(request.url ?? '/');
  const [prefix = '', country] = COUNTRY.exec(whole.path) ?? [];
  const target = { ...whole, path: whole.path.slice(prefix.length) };
  const ip = options.viewerIp ?? addressOf(request);
  const viewer: Viewer = { ip, ...(country === undefined ? options.whereabouts : { country }) };
  const common = { time, method: request.method ?? '', ...(country !== undefined && { country }) };
  if (!options.isOwnName(request.headers.host)) {
    request.resume();
    response
      .writeHead(421, { 'content-type': 'text/plain' })
      .end('Ask by the address of this machine, or by localhost.\n');
    const took = performance.now() - started;
    options.report({ ...common, path: shownPath(target.path), status: 421, verdict: 'refused', reason: 'host', took });
    return;
  }
  const mount = options.mounts.find(({ takes }) => takes(target.path));
  if (mount !== undefined) {
    const reason = await mount.handle({ request, response, target, viewer });
    const took = performance.now() - started;
    // Pages are no news.
    if (request.method !== 'GET' || response.statusCode >= 400)
      options.report({
        ...common,
        path: shownPath(target.path),
        status: response.statusCode,
        verdict: response.statusCode >= 400 ? 'refused' : 'answered',
        ...(reason !== undefined && { reason }),
        took,
      });
    return;
  }
  // No body of a media request is of interest, and one that is not read holds up the connection.
  request.resume();
  if (options.latency > 0) await pause(options.latency);
  const seen = await answerMedia(options, { request, response, target, viewer, id });
  options.report({ ...common, ...seen, took: performance.now() - started });
}
