/** Somebody's own origin, reached as CloudFront reaches it: connections are kept, and patience has an end. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Origin, OriginRequest, OriginResponse } from './origin.ts';

/** Headers that CloudFront sends on with what the edge stack deploys; of the viewer's others the origin hears nothing. */
const SENT_ON = new Set([
  'accept',
  'accept-encoding',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

/** Of the connection, and not of the answer (RFC 9110, 7.6.1). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export interface HttpOriginOptions {
  /** With a path, that stands in front of every request's. */
  url: URL;
  /** Milliseconds without a byte of the answer. */
  timeout: number;
}

export interface ClosableOrigin extends Origin {
  close(): void;
}

export function httpOrigin({ url, timeout }: HttpOriginOptions): ClosableOrigin {
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const prefix = url.pathname.replace(/\/$/, '');
  /** `again`: the connection may turn out to be one that the origin has closed meanwhile. */
  const fetch = (asked: OriginRequest, again = true): Promise<OriginResponse> =>
    new Promise<OriginResponse>((done) => {
      const { method, path, query, headers, gone } = asked;
      const sent = request({
        agent,
        protocol: url.protocol,
        // A URL has an IPv6 address in brackets, a socket has not.
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        method,
        // As it was checked, byte for byte: nothing here may repair it.
        path: `${prefix}${path}${query === undefined ? '' : `?${query}`}`,
        headers: {
          ...Object.fromEntries(headers.filter(([name]) => SENT_ON.has(name))),
          'user-agent': 'Amazon CloudFront',
        },
        ...(gone && { signal: gone() }),
      });
      let answer: IncomingMessage | undefined;
      sent.setTimeout(timeout);
      sent.on('timeout', () => {
        // A viewer who does not read is not an origin that does not answer.
        if (answer?.isPaused()) sent.setTimeout(timeout);
        else sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const wasClosed = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        done(wasClosed && again && answer === undefined ? fetch(asked, false) : failure(error));
      });
      sent.on('response', (response) => {
        answer = response;
        done(answerOf(response));
      });
      sent.end();
    });
  return { close: () => agent.destroy(), fetch: (asked) => fetch(asked) };
}

function answerOf(response: IncomingMessage): OriginResponse {
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined || OF_THE_CONNECTION.has(name) ? [] : [[name, value] as const],
  );
  return { status: response.statusCode ?? 502, headers: Object.fromEntries(headers), body: response };
}

/** 504 when it does not answer in time, 502 when there is no connection: as CloudFront. */
function failure({ code = '' }: NodeJS.ErrnoException): OriginResponse {
  const isLate = code === 'ETIMEDOUT';
  const body = Buffer.from(
    isLate ? 'The origin does not answer.\n' : `The origin cannot be reached (${code || 'no answer'}).\n`,
  );
  const headers = { 'content-type': 'text/plain', 'content-length': String(body.length), 'cache-control': 'no-store' };
  return { status: isLate ? 504 : 502, headers, body };
}
