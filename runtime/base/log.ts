import { kidOf } from '../token/protected-header.ts';
import { type Reason, statusOf } from '../token/verdict.ts';
import type { Visit } from './visit.ts';

/**
 * Writes one JSON line of at most 512 bytes about one request; `''` is a pass, which only `log: all` has. The line has no
 * path and no query, whatever a client put into them, and of the token only key id and session id: half a bearer at
 * most, and of fixed alphabets. CloudFront's request id leads to the line of the access log, where the rest is.
 */
export function log(visit: Visit, outcome: { reason: Reason | ''; mode: string; internal: boolean }): void {
  const token = visit.token;
  const stream = visit.stream;
  const request = visit.event.context.requestId;
  // biome-ignore lint/suspicious/noConsole: the runtime's one way to say something
  console.log(
    JSON.stringify({
      v: 1,
      reason: outcome.internal ? 'internal' : outcome.reason || 'pass',
      status: outcome.reason ? statusOf(outcome.reason) : 200,
      stream: stream ? stream.name : undefined,
      mode: outcome.mode,
      kid: (token && kidOf(token[3] as string)) || undefined,
      ssn: token ? token[1] : undefined,
      request: request ? request.slice(0, 80) : undefined,
    }),
  );
}
