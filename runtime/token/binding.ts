// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much, and `concat` least where there are many parts
import { MAX_BOUND_VALUE } from './claims.ts';

/**
 * First fields of the string that `intsig` is the MAC of: scheme, audience, session or nothing, `iat`, `exp`. Every field
 * is its length in bytes, `:`, and its bytes: no value, whatever separators it holds, can pass for two fields or move
 * from one to the next. All of these are ASCII by their grammar, so that their length is their size.
 */
export function bindingHead(audience: string, session: string, iat: string, exp: string): string {
  // biome-ignore format: one field after the other
  return '15:edgepass-bind-1'.concat(audience.length, ':', audience, session.length, ':', session, iat.length, ':', iat, exp.length, ':', exp);
}

/**
 * The three fields of one bound attribute, with the value as CloudFront presents it, undecoded. `''` when the value is
 * empty or over 1 KB, which cannot be bound. Kinds with their names, which are ASCII: `i` network, `<family>/<width>`
 * (`4/24`); `h` request header; `q` query parameter.
 */
export function boundAttribute(kind: 'i' | 'h' | 'q', name: string, value: string): string {
  const size = Buffer.byteLength(value);
  return size > 0 && size <= MAX_BOUND_VALUE ? '1:'.concat(kind, name.length, ':', name, size, ':', value) : '';
}
