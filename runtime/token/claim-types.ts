import type { Claims } from './claims.ts';
import { reachesInto } from './lists.ts';

/**
 * A non-empty array of non-empty strings, or nothing. As prefixes of paths they start and end with `/`: without the closing
 * one, `/movie1` would match `/movie10`.
 */
function isList(value: unknown, prefixes: boolean): value is string[] | undefined {
  if (value === undefined) return true;
  if (!Array.isArray(value)) return false;
  let i = value.length;
  if (!i) return false;
  while (i--) {
    const item: unknown = value[i];
    if (!item || typeof item !== 'string' || (prefixes && (item[0] !== '/' || !item.endsWith('/')))) return false;
  }
  return true;
}

/** An integer up to what a double holds exactly, so neither a fraction nor `1e999` (Infinity). */
function isInteger(value: unknown): value is number {
  return typeof value === 'number' && value % 1 === 0 && value >= 0 && value < 9e15;
}

/** A prefix length that its family has. */
function isNetwork(width: unknown, family: unknown): boolean {
  return isInteger(width) && (family === 4 ? width > 15 && width < 33 : family === 6 && width > 31 && width < 129);
}

/**
 * Whether parsed JSON is a claim set in which every claim known to us has its type and fits the others. A member that is
 * `null` has a wrong type; one that is absent is `undefined`. Members are read once, into variables: reading one that is
 * absent is what costs most here.
 */
export function isClaims(value: unknown): value is Claims {
  if (!value || typeof value !== 'object') return false;
  const claims = value as { [claim in keyof Claims]: unknown };
  const exp = claims.exp;
  const iat = claims.iat;
  const nbf = claims.nbf;
  const aud = claims.aud;
  const ssn = claims.ssn;
  const paths = claims.paths;
  const exc = claims.exc;
  const co = claims.co;
  const reg = claims.reg;
  const cty = claims.cty;
  const ip = claims.ip;
  const family = claims.ip_ver;
  const headers = claims.headers;
  const qs = claims.qs;
  if (!isInteger(exp) || !isInteger(iat) || iat >= exp || (nbf !== undefined && !isInteger(nbf))) return false;
  if (typeof aud !== 'string' && (!aud || !isList(aud, false))) return false;
  if (ssn !== undefined && typeof ssn !== 'string') return false;
  // No exception may equal or contain a path, or it would lift the binding from what it protects.
  if (!paths || !isList(paths, true) || !isList(exc, true) || (exc && reachesInto(paths, exc))) return false;
  if (!isList(co, false) || !isList(reg, false) || !isList(cty, false) || (cty && !co)) return false;
  const fallbackCo = claims.co_fallback;
  const fallbackReg = claims.reg_fallback;
  const fallbackCty = claims.cty_fallback;
  if (fallbackCo !== undefined && typeof fallbackCo !== 'boolean') return false;
  if (fallbackReg !== undefined && typeof fallbackReg !== 'boolean') return false;
  if (fallbackCty !== undefined && typeof fallbackCty !== 'boolean') return false;
  if ((ip !== undefined || family !== undefined) && !isNetwork(ip, family)) return false;
  if (!isList(headers, false) || !isList(qs, false)) return false;
  // Present exactly when something is bound.
  return typeof claims.intsig === (ip || headers || qs ? 'string' : 'undefined');
}
