/**
 * Requests with an `Idempotency-Key`: the same caller, key and request get the same answer for an hour, without anything being
 * done again.
 *
 * The answer holds a live token, and a table is read by more people than may play. So it is encrypted, with a key made of the
 * caller's own, of which only a digest is kept.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { errorName } from '../aws/error-name.ts';
import { networkOf } from '../token/network.ts';
import type { Reply } from './answers.ts';
import type { Call } from './api.ts';
import type { OperationId } from './operations.ts';
import { RETRY } from './problem-of.ts';
import { Problem } from './problems.ts';

/** Seconds that an answer is kept, and that a request may take before another one may begin it again. */
const KEPT = 3600;
const WORKING = 60;

const HEADER = 'idempotency-key';

/** Does a request, unless it was done before. Throws `request-in-progress`, `idempotency-key-reused`. */
export async function once(
  { call, operation }: { call: Call; operation: OperationId },
  run: () => Promise<Reply>,
): Promise<Reply> {
  const key = call.input.parameters[HEADER];
  if (key === undefined) return run();
  const { work, caller, input } = call;
  const { [HEADER]: _key, ...parameters } = input.parameters;
  const id = digest([caller.id, key, factsOf(call)]);
  const print = digest([operation, parameters, input.body]);
  const now = work.now();
  const known = await work.requests.begin(id, { print, until: now + WORKING, now });
  if (known !== undefined) {
    if (known.print !== print) throw new Problem('idempotency-key-reused');
    if (known.answer === undefined) throw new Problem('request-in-progress', {}, { headers: RETRY });
    return again(call, unseal(key, known.answer));
  }
  let reply: Reply;
  try {
    reply = await run();
  } catch (error) {
    // The mark goes by itself if it cannot be taken away now; what went wrong is more important.
    await work.requests.forget(id).catch((failed: unknown) => errorName(failed));
    throw error;
  }
  const { expires = now + KEPT } = (reply.body ?? {}) as { expires?: number };
  const done = { print, answer: seal(key, reply), until: Math.min(now + KEPT, expires) };
  // It is done, also where a repetition will have to do it again.
  await work.requests.finish(id, done).catch((failed: unknown) => errorName(failed));
  return reply;
}

/**
 * What tokens of viewers are bound to, as far as it is not in the request itself: from another network or place the answer of before
 * would not play, and so the request is another one. Services state their viewer in the body.
 */
function factsOf({ work, mount, input }: Call): object | undefined {
  const viewer = mount.viewerOf?.(input.event);
  if (viewer === undefined) return undefined;
  const { ip = '', headers = {}, country, region, city } = viewer;
  const shapes = [...work.deployment.policies.values()];
  const narrowest = (family: 4 | 6): number => Math.max(0, ...shapes.map((shape) => shape.ip?.[family] ?? 0));
  // An IPv4-mapped address has colons and is IPv4.
  const networks = ([4, 6] as const).map((family) => networkOf(ip, family, narrowest(family)));
  const bound = shapes.flatMap((shape) => shape.headers ?? []).map((name) => [name, headers[name]]);
  return { networks, country, region, city, bound: Object.fromEntries(bound) as object };
}

/** What was answered then, unless its session has been revoked since: a revoked session is dead for every door. */
async function again({ work }: Call, reply: Reply): Promise<Reply> {
  const { session } = (reply.body ?? {}) as { session?: string };
  if (session !== undefined && (await work.isRevoked(session))) throw new Problem('session-revoked');
  return reply;
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts, inOrder)).digest('base64url');
}

/** The order of members says nothing in JSON, and a client may write them in another one the next time. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const NONCE = 12;
const TAG = 16;

function keyOf(key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'edgepass idempotency 1', 32));
}

function seal(key: string, reply: Reply): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(reply)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** Throws for a text that somebody changed. */
function unseal(key: string, sealed: string): Reply {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(key), bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
  return JSON.parse(text.toString()) as Reply;
}
