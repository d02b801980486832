// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { type Claims, MAX_BOUND_VALUE } from './claims.ts';

/**
 * First fields of the string that `intsig` is the MAC of: scheme, audience, session or nothing, `iat`, `exp`. Every field
 * is its length in bytes, `:`, and its bytes: no value, whatever separators it holds, can pass for two fields or move
 * from one to the next. All of these are ASCII by their grammar, so that their length is their size.
 */
export function bindingHead(claims: Pick<Claims, 'ssn' | 'iat' | 'exp'>, audience: string): string {
  const ssn = claims.ssn || '';
  const iat = '' + claims.iat;
  const exp = '' + claims.exp;
  // biome-ignore format: one field after the other
  return '15:edgepass-bind-1' + audience.length + ':' + audience + ssn.length + ':' + ssn + iat.length + ':' + iat + exp.length + ':' + exp;
}

/**
 * The three fields of one bound attribute, with the value as CloudFront presents it, undecoded. `''` when the value is
 * empty or over 1 KB, which cannot be bound. Kinds with their names: `i` network, `<family>/<width>` (`4/24`); `h` request
 * header; `q` query parameter.
 */
export function boundAttribute(kind: 'i' | 'h' | 'q', name: string, value: string): string {
  const size = Buffer.byteLength(value);
  if (size === 0 || size > MAX_BOUND_VALUE) return '';
  return '1:' + kind + Buffer.byteLength(name) + ':' + name + size + ':' + value;
}
