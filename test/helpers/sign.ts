/**
 * Signs tokens and bindings from the text of the specification alone, with node:crypto: nothing of `runtime/token` is used,
 * so that a mistake there cannot hide here. What is passed as a string is used as it is, well-formed or not.
 */
import { createHmac } from 'node:crypto';
import { secret } from './secrets/known-secrets.ts';

/** One key id with its two keys, base64url. */
export interface TestKey {
  kid: string;
  sign: string;
  bind: string;
}

/** Two keys derived from a name, so that no key stands in the source and every run has the same. */
export function testKey(kid: string): TestKey {
  const derive = (purpose: string): string => createHmac('sha256', purpose).update(kid).digest('base64url');
  return { kid, sign: secret(derive('test sign')), bind: secret(derive('test bind')) };
}

/** Base64url of a text, or of the JSON of anything else. */
export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** HMAC-SHA256 with a base64url key, base64url. */
export function mac(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url');
}

export interface TokenOptions {
  key: TestKey;
  claims: unknown;
  /** Stands in front of the token. */
  session?: string | undefined;
  header?: unknown;
  /** Base64url key used instead of `key.sign`. */
  signWith?: string;
}

/** `[<session>.]<header>.<payload>.<signature>`. */
export function signToken({ key, claims, session, header, signWith }: TokenOptions): string {
  const signed = `${encode(header ?? { alg: 'HS256', typ: 'JWT', kid: key.kid })}.${encode(claims)}`;
  return `${session === undefined ? '' : `${session}.`}${signed}.${mac(signWith ?? key.sign, signed)}`;
}

/** A bound attribute: kind, name, value. */
export type Attribute = ['i' | 'h' | 'q', string, string];

/** `intsig` of a token: a MAC over fields that are each their byte length, `:`, and their bytes. */
export function signBinding(
  key: TestKey,
  token: { aud: string; ssn?: string; iat: number; exp: number },
  attributes: Attribute[],
): string {
  const fields = ['edgepass-bind-1', token.aud, token.ssn ?? '', token.iat, token.exp, ...attributes.flat()];
  return mac(key.bind, fields.map((field) => `${Buffer.byteLength(String(field))}:${field}`).join(''));
}
