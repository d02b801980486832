import { refuse } from './issue-error.ts';

/** A URL taken apart and otherwise left as it is: what is issued must be what the edge will see. */
export interface UrlParts {
  /** `https://`, or `http://` to this machine. */
  scheme: string;
  /** Host, with a port other than 443, in lower case: the edge's `host` header. */
  host: string;
  /** Raw, from the first `/`; `''` when there is none. */
  path: string;
  /** Raw, without `?`; `undefined` when there is none. */
  query: string | undefined;
  /** With its `#`, or `''`: never sent. */
  fragment: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/;
/** What a player would have to encode first, or what ends a URL in most texts. */
const OUTSIDE_URLS = /[^!-~]/;

/**
 * Takes an absolute URL apart. Not `new URL`, which folds dot segments and encodes what it does not like: the edge refuses
 * such paths, and a repaired one may belong to another asset. Throws `url_invalid`.
 */
export function splitUrl(url: unknown): UrlParts {
  if (typeof url !== 'string') return refuse('url_invalid', 'The URL must be a string.');
  const scheme = url.startsWith('https://') ? 'https://' : url.startsWith('http://') ? 'http://' : '';
  if (scheme === '') refuse('url_invalid', 'The URL must be absolute and begin with "https://".');
  const hash = url.indexOf('#');
  const end = hash === -1 ? url.length : hash;
  const mark = url.indexOf('?');
  const pathEnd = mark === -1 || mark > end ? end : mark;
  const slash = url.indexOf('/', scheme.length);
  const pathStart = slash === -1 || slash > pathEnd ? pathEnd : slash;
  const host = url.slice(scheme.length, pathStart).toLowerCase();
  if (!HOST.test(host)) refuse('url_invalid', 'The URL must name a host, without user name and password.');
  if (scheme === 'http://' && !LOCAL.test(host))
    refuse('url_invalid', 'Only URLs of this machine may begin with "http://": a token must not travel unencrypted.');
  const tail = pathEnd === url.length ? '' : url.slice(pathEnd);
  if (tail !== '' && OUTSIDE_URLS.test(tail))
    refuse('url_invalid', 'The query or fragment of the URL has a character that must be percent-encoded.');
  return {
    scheme,
    host: scheme === 'https://' && host.endsWith(':443') ? host.slice(0, -4) : host,
    path: url.slice(pathStart, pathEnd),
    query: pathEnd === end ? undefined : url.slice(pathEnd + 1, end),
    fragment: hash === -1 ? '' : url.slice(hash),
  };
}

/** The value of a query parameter, raw; `undefined` when it is not there, an array when it is there more than once. */
export function queryValue(query: string | undefined, name: string): string | string[] | undefined {
  if (query === undefined || query === '') return undefined;
  const values: string[] = [];
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if ((equals === -1 ? pair : pair.slice(0, equals)) === name)
      values.push(equals === -1 ? '' : pair.slice(equals + 1));
  }
  return values.length > 1 ? values : values[0];
}
