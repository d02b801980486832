/** The token API as the page talks to it. Every exchange is shown to the viewer, so it is kept as it was. */

export interface Exchange {
  method: string;
  path: string;
  /** As sent, but the access code is not repeated. */
  headers: Readonly<Record<string, string>>;
  status: number;
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
}

export interface Call {
  method?: 'GET' | 'POST';
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  headers?: Readonly<Record<string, string>>;
}

export interface ApiOptions {
  fetch: typeof fetch;
  /** The access code, where one is needed. */
  code(): string | undefined;
  /** Told of every exchange. */
  onExchange(exchange: Exchange): void;
}

export type Api = (call: Call) => Promise<Exchange>;

/** SHA-256 of no bytes. CloudFront signs what goes to the function, and a request that can have a body needs its hash. */
const NO_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** `Authorization` is CloudFront's own on the way to the function, so the code has a header of its own. */
export const CODE_HEADER = 'x-edgepass-code';

export function createApi({ fetch, code, onExchange }: ApiOptions): Api {
  return async ({ method = 'GET', path, query = {}, headers = {} }) => {
    const stated = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
    const search = new URLSearchParams(stated).toString();
    const url = `/api${path}${search === '' ? '' : `?${search}`}`;
    const secret = code();
    const shown = {
      accept: 'application/json, application/problem+json',
      ...headers,
      ...(method === 'POST' ? { 'x-amz-content-sha256': NO_BODY } : {}),
    };
    const sent = { ...shown, ...(secret === undefined ? {} : { [CODE_HEADER]: secret }) };
    const masked = { ...shown, ...(secret === undefined ? {} : { [CODE_HEADER]: '••••••' }) };
    const exchange = {
      method,
      path: url,
      headers: masked,
      ...(await answered(() => fetch(url, { method, headers: sent, cache: 'no-store' }))),
    };
    onExchange(exchange);
    return exchange;
  };
}

/** Status 0 stands for an answer that never came. */
async function answered(request: () => Promise<Response>): Promise<Pick<Exchange, 'status' | 'body'>> {
  try {
    const response = await request();
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch {
    return { status: 0, body: { title: 'The API cannot be reached.' } };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
