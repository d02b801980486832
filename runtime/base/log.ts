import { kidOf } from '../token/protected-header.ts';
import type { Refusal } from '../token/verdict.ts';
import type { Visit } from './visit.ts';

/**
 * Writes one JSON line of at most 512 bytes about one request; `''` is a pass, which only `log: all` has. The line has no
 * path and no query, whatever a client put into them, and of the token only key id and session id: half a bearer at
 * most, and of fixed alphabets. CloudFront's request id leads to the line of the access log, where the rest is.
 */
export function log(visit: Visit, refusal: Refusal | '503 internal' | '', mode: string): void {
  const token = visit.token;
  const stream = visit.stream;
  // biome-ignore lint/suspicious/noConsole: the runtime's one way to say something
  console.log(
    JSON.stringify({
      v: 1,
      reason: refusal.slice(4) || 'pass',
      status: +refusal.slice(0, 3) || 200,
      stream: stream ? stream.name : undefined,
      mode,
      kid: (token && kidOf(token[3] as string)) || undefined,
      ssn: token ? token[1] : undefined,
      request: (visit.event.context.requestId || '').slice(0, 80) || undefined,
    }),
  );
}
