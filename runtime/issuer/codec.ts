import type { KeyObject } from 'node:crypto';
import { MAX_TOKEN } from '../token/claims.ts';
import { headerSegment } from '../token/protected-header.ts';
import { claimsText, type IssuedClaims } from './claims-text.ts';
import { hmac } from './hmac.ts';

/** One form of token. Callers hold claims and keys; only the codec knows what becomes of them. */
export interface TokenCodec {
  readonly name: string;
  /** Longest text that the edge reads, in characters, with session part. */
  readonly maxLength: number;
  /** The token as it is carried: a session, where the claims have one, stands in front. */
  encode(claims: IssuedClaims, key: { kid: string; sign: KeyObject }): string;
}

/** Header segments by key id; an issuer meets few, and the edge finds its key fastest by a segment written like this. */
const headers = new Map<string, string>();
const MANY_HEADERS = 100;

function headerOf(kid: string): string {
  let header = headers.get(kid);
  if (header === undefined) {
    header = headerSegment(kid);
    if (headers.size >= MANY_HEADERS) headers.clear();
    headers.set(kid, header);
  }
  return header;
}

/** Where claims are encoded; a new buffer for each token is what the collector would have to deal with next. */
const scratch = Buffer.alloc(4096);

function base64url(text: string): string {
  // Three bytes at most for each unit of a string.
  if (text.length * 3 > scratch.length) return Buffer.from(text).toString('base64url');
  return scratch.toString('base64url', 0, scratch.write(text));
}

/** JWT (RFC 7519), JWS compact with HS256: `[<session>.]<header>.<payload>.<signature>`. */
export const jwt: TokenCodec = {
  name: 'jwt',
  maxLength: MAX_TOKEN,
  encode(claims, { kid, sign }) {
    const signed = `${headerOf(kid)}.${base64url(claimsText(claims))}`;
    const token = `${signed}.${hmac(sign, signed)}`;
    return claims.ssn === undefined ? token : `${claims.ssn}.${token}`;
  },
};
