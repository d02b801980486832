import type { KeyObject } from 'node:crypto';
import { crypto } from '../token/crypto.ts';

/** Block of SHA-256, bytes. */
const BLOCK = 64;
const DIGEST = 32;
/** Longest text, in bytes, for which there is room behind a pad; longer ones are rare. */
const ROOM = 8192;

/** A key as RFC 2104 uses it: XORed with `ipad` and `opad`, each with room behind it for what is hashed. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

/** Kept as long as their key object is; like it, they are never printed. */
const prepared = new WeakMap<KeyObject, Pads>();

function padsOf(key: KeyObject): Pads {
  let pads = prepared.get(key);
  if (pads === undefined) {
    const secret = key.export();
    const bytes = secret.length > BLOCK ? crypto.createHash('sha256').update(secret).digest() : secret;
    // Not from the pool that small buffers share: nobody else's buffer shows these bytes.
    pads = { inner: Buffer.alloc(BLOCK + ROOM), outer: Buffer.alloc(BLOCK + DIGEST) };
    for (let i = 0; i < BLOCK; i++) {
      pads.inner[i] = (bytes[i] ?? 0) ^ 0x36;
      pads.outer[i] = (bytes[i] ?? 0) ^ 0x5c;
    }
    prepared.set(key, pads);
  }
  return pads;
}

/** Node 20.12 and later have one-shot digests. */
const hash = crypto.hash as typeof crypto.hash | undefined;

/**
 * HMAC-SHA256 (RFC 2104) of a text in UTF-8, as base64url. Same result as `createHmac`, in half the time: making an `Hmac`
 * object and collecting it costs more than hashing what a token has, and issuing is little else than two of these.
 */
export function hmac(key: KeyObject, text: string): string {
  // Three bytes at most for each unit of a string.
  if (hash === undefined || text.length * 3 > ROOM)
    return crypto.createHmac('sha256', key).update(text).digest('base64url');
  const { inner, outer } = padsOf(key);
  const end = BLOCK + inner.write(text, BLOCK);
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'latin1');
  return hash('sha256', outer, 'base64url');
}
