import type { Claims } from '../token/claims.ts';

/** What a token says: the claims the edge knows, a pseudonym for whoever reads tokens later, and a text for its issuer. */
export interface IssuedClaims extends Claims {
  sub?: string;
  ctx?: string;
}

/** Texts of lists that never change: those of policies and streams, which an issuer freezes. */
const texts = new WeakMap<readonly string[], string>();

function listText(list: readonly string[]): string {
  const known = texts.get(list);
  if (known !== undefined) return known;
  const text = JSON.stringify(list);
  if (Object.isFrozen(list)) texts.set(list, text);
  return text;
}

/**
 * Claims as JSON, byte for byte what JSON.stringify makes of an object with its members in this order. Verifiers take any order; ours is
 * the one in which the edge reads claims fastest, with `sub` and `ctx`, which it ignores, behind them.
 */
export function claimsText(claims: IssuedClaims): string {
  const { nbf, aud, exc, ssn, co, reg, cty, ip, headers, qs, intsig, sub, ctx } = claims;
  let text = `{"iat":${claims.iat},"exp":${claims.exp}`;
  if (nbf !== undefined) text += `,"nbf":${nbf}`;
  text += `,"aud":${JSON.stringify(aud)},"paths":${listText(claims.paths)}`;
  if (exc !== undefined) text += `,"exc":${listText(exc)}`;
  if (ssn !== undefined) text += `,"ssn":${JSON.stringify(ssn)}`;
  if (co !== undefined) text += `,"co":${listText(co)}`;
  if (claims.co_fallback !== undefined) text += `,"co_fallback":${claims.co_fallback}`;
  if (reg !== undefined) text += `,"reg":${listText(reg)}`;
  if (claims.reg_fallback !== undefined) text += `,"reg_fallback":${claims.reg_fallback}`;
  if (cty !== undefined) text += `,"cty":${listText(cty)}`;
  if (claims.cty_fallback !== undefined) text += `,"cty_fallback":${claims.cty_fallback}`;
  if (ip !== undefined) text += `,"ip":${ip}`;
  if (claims.ip_ver !== undefined) text += `,"ip_ver":${claims.ip_ver}`;
  if (headers !== undefined) text += `,"headers":${listText(headers)}`;
  if (qs !== undefined) text += `,"qs":${listText(qs)}`;
  if (intsig !== undefined) text += `,"intsig":${JSON.stringify(intsig)}`;
  if (sub !== undefined) text += `,"sub":${JSON.stringify(sub)}`;
  if (ctx !== undefined) text += `,"ctx":${JSON.stringify(ctx)}`;
  return `${text}}`;
}
