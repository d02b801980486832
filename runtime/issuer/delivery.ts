/** From a token to what the player opens, on one delivery domain or several. */
import type { EdgeStream } from '../base/edge-settings.ts';
import { MAX_PATH } from '../token/canonical-path.ts';
import { type Deployment, routeOf } from './deployment.ts';
import { refuse } from './issue-error.ts';
import type { Issued, IssueRequest } from './issue-types.ts';
import { splitUrl, type UrlParts } from './split-url.ts';

/** Hosts by name of the delivery domain; no entries: any host. */
export type Domains = ReadonlyMap<string, string>;

/** Reads delivery domains. Throws `configuration_invalid`. */
export function readDomains(domains: Readonly<Record<string, { host: string }>>): Domains {
  const hosts = new Map<string, string>();
  for (const [name, domain] of Object.entries(domains)) {
    try {
      const { host } = domain;
      const parts = splitUrl(`https://${host}/`);
      if (parts.path !== '/' || parts.query !== undefined || parts.fragment !== '') throw new Error();
      hosts.set(name, parts.host);
    } catch {
      refuse('configuration_invalid', `Domain "${name}" has no valid host name.`);
    }
  }
  return hosts;
}

/** Throws `host_not_allowed` for a host that is no delivery domain: whoever has it would get the token. */
export function checkHost(domains: Domains, host: string): void {
  if (domains.size === 0) return;
  for (const known of domains.values()) if (known === host) return;
  refuse('host_not_allowed', 'The host of the URL is no delivery domain of this deployment.');
}

interface Delivered {
  url: UrlParts;
  stream: EdgeStream;
  token: string;
}

/** The URL with the token where the stream carries it. Throws `url_too_long`. */
function join({ url, stream, token }: Delivered, host: string): string {
  const { scheme, path, query, fragment } = url;
  const inPath = stream.in === 'path';
  if (inPath && token.length + 1 + path.length > MAX_PATH)
    refuse('url_too_long', `The path with the token is longer than ${MAX_PATH} characters.`);
  let tail = query === undefined ? '' : `?${query}`;
  if (stream.in === 'query') tail += `${query ? '&' : query === undefined ? '?' : ''}${stream.field}=${token}`;
  return `${scheme}${host}${inPath ? `/${token}` : ''}${path}${tail}${fragment}`;
}

export interface Delivery extends Delivered {
  deployment: Deployment;
  domains: Domains;
  wanted: IssueRequest['domains'];
}

/** URLs on delivery domains. Each must lead to the same stream there. Throws `host_not_allowed`. */
function otherUrls(delivery: Delivery, wanted: readonly string[] | 'all'): Record<string, string> {
  const { deployment, domains, stream, url } = delivery;
  const urls: Record<string, string> = {};
  if (wanted !== 'all' && !Array.isArray(wanted))
    refuse('request_invalid', "`domains` must be a list of names, or 'all'.");
  for (const name of wanted === 'all' ? domains.keys() : wanted) {
    const host = domains.get(name);
    if (host === undefined) return refuse('host_not_allowed', 'A domain was asked for that this issuer does not know.');
    const route = routeOf(deployment, url.path, host);
    const serves = deployment.open || route?.streams.some((index) => deployment.streams[index] === stream);
    if (serves) urls[name] = join(delivery, host);
    else if (wanted !== 'all') refuse('host_not_allowed', `Domain "${name}" does not serve stream "${stream.name}".`);
  }
  return urls;
}

/** What goes to the player. Members are set one by one: spreading objects costs as much as a claim. */
export function deliver(delivery: Delivery, issued: { expires: number; session: string | undefined }): Issued {
  const { stream, token, url, wanted } = delivery;
  const result: Issued = { url: join(delivery, url.host), token, expires: issued.expires };
  if (issued.session !== undefined) result.session = issued.session;
  if (stream.in === 'cookie') result.cookie = { name: stream.field as string, value: token };
  if (stream.in === 'header') result.header = { name: stream.field as string, value: token };
  if (wanted !== undefined) result.urls = otherUrls(delivery, wanted);
  return result;
}
