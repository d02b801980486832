/** A token and the URL it stands in, taken apart for showing. Nothing here checks anything: that is the edge's business. */

export interface UrlParts {
  before: string;
  session: string;
  header: string;
  payload: string;
  signature: string;
  after: string;
}

/** The parts of a URL with a token in it; undefined when the token is carried elsewhere. */
export function urlParts(url: string, token: string): UrlParts | undefined {
  const at = url.indexOf(token);
  if (token === '' || at === -1) return undefined;
  const parts = token.split('.');
  const [signature = '', payload = '', header = '', session = ''] = parts.reverse();
  return { before: url.slice(0, at), session, header, payload, signature, after: url.slice(at + token.length) };
}

export interface Decoded {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/** Header and payload. Throws when the token is none. */
export function decodeToken(token: string): Decoded {
  const [, payload = '', header = ''] = token.split('.').reverse();
  return { header: decoded(header), payload: decoded(payload) };
}

function decoded(part: string): Record<string, unknown> {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const text = new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  return JSON.parse(text) as Record<string, unknown>;
}

/** `url` with the newest token in place of any earlier one of its session. */
export function withNewest(url: string, tokens: readonly string[]): string {
  const newest = tokens.at(-1);
  const old = tokens.find((token) => token !== newest && url.includes(token));
  return newest === undefined || old === undefined ? url : url.replace(old, newest);
}

/** The query parameter in which `url` has the token; undefined when it is carried elsewhere. */
export function parameterOf(url: string, token: string): string | undefined {
  return [...new URL(url).searchParams].find(([, value]) => value === token)?.[0];
}

/** `url` with a parameter that it lacks: playlists do not hand on what stood in the query of their own URL. */
export function withParameter(url: string, { name, value }: { name: string; value: string }): string {
  if (new URL(url).searchParams.has(name)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${value}`;
}

/** Folder that the local edge takes for a country and strips. */
const COUNTRY = /^(https?:\/\/[^/]+)(?:\/~country\/[A-Z]{2})?(?=\/)/;

/** `url` as it is asked for from another country; without one, as the API gave it. */
export function fromCountry(url: string, country: string): string {
  return url.replace(COUNTRY, (_whole, host: string) => (country === '' ? host : `${host}/~country/${country}`));
}
