/** From the published files, as others read them, to the deployments, runs and results of our tests. */
import { readFileSync } from 'node:fs';
import type { Environment } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../../runtime/base/edge-settings.ts';
import type { Field } from '../../runtime/base/event.ts';
import { root } from '../helpers/config.ts';
import type { EdgeResult, EdgeRun } from '../helpers/njs.ts';
import { revocationKeyOf } from './source/sessions.ts';
import type {
  BindingFile,
  Deployment,
  DeploymentsFile,
  Expected,
  Pair,
  RequestsFile,
  RequestVector,
  SessionsFile,
  StateFile,
  TokensFile,
} from './types.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(`${root}/test/vectors/${name}.json`, 'utf8'));

export const published = {
  deployments: read('deployments') as DeploymentsFile,
  tokens: read('tokens') as TokensFile,
  binding: read('binding') as BindingFile,
  requests: read('requests') as RequestsFile,
  sessions: read('sessions') as SessionsFile,
  state: read('state') as StateFile,
};

/** The environment and options of a published deployment. What they do not say has no influence on a verdict. */
export function deployed({
  environment: name,
  unmatched,
  audience: _,
  ...settings
}: Deployment): [Environment, EdgeOptions] {
  const rest = {
    account: '111122223333',
    region: 'eu-west-1',
    protected: false,
    tags: {},
    domains: {},
    assets: {},
    modules: ['base'],
  };
  return [
    { ...rest, ...settings, name },
    { unmatched, log: 'refused', exposeReason: true },
  ];
}

/** Fields of an event; a name that comes more than once has all its values in `multiValue`. */
function fields(pairs: Pair[]): Record<string, Field> {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(
    [...all].map(([name, values]) => [
      name,
      { value: values[0] as string, ...(values.length > 1 && { multiValue: values.map((value) => ({ value })) }) },
    ]),
  );
}

const pairsOf = (values: Record<string, Field>): Pair[] =>
  Object.entries(values).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((one): Pair => [name, one.value]),
  );

function parameters(query: string): Pair[] {
  const parts = query.split('&').filter((part) => part !== '');
  return parts.map((part) => [
    part.split('=', 1)[0] as string,
    part.includes('=') ? part.slice(part.indexOf('=') + 1) : '',
  ]);
}

/** The event CloudFront would make of a request, in the world it meets. */
export function runOf(vector: RequestVector): EdgeRun {
  const { method, host, uri, query, headers, cookies, ip, now, state, revoked } = vector;
  return {
    event: {
      context: { requestId: 'request-1' },
      viewer: { ip },
      request: {
        method,
        uri,
        querystring: fields(parameters(query)),
        headers: fields([['host', host], ...headers]),
        cookies: fields(cookies),
      },
    },
    rawQuery: query,
    // Time has fractions; a second lasts until the next begins.
    now: now * 1000 + 500,
    state: state === null ? null : (published.requests.states[state] as string),
    keys: revoked === null ? null : revoked.map(revocationKeyOf),
  };
}

export interface Forwarded {
  uri: string;
  querystring: Record<string, Field>;
  headers: Record<string, Field>;
  cookies: Record<string, Field>;
  origin?: string | undefined;
}

/** What was forwarded, in the words of the vectors: a part that arrives as it was sent is not stated. */
export function forwardedAs(vector: RequestVector, forwarded: Forwarded, reported: string | undefined): Expected {
  const sent = runOf(vector).event.request;
  const changed = (part: 'headers' | 'cookies' | 'querystring'): Pair[] | undefined => {
    const now = pairsOf(forwarded[part]);
    return JSON.stringify(now) === JSON.stringify(pairsOf(sent[part])) ? undefined : now;
  };
  const query = changed('querystring');
  const headers = changed('headers')?.filter(([name]) => name !== 'host');
  const cookies = changed('cookies');
  return {
    verdict: 'forward',
    uri: forwarded.uri,
    ...(query && { query: query.map((pair) => pair.join('=')).join('&') }),
    ...(headers && { headers }),
    ...(cookies && { cookies }),
    ...(forwarded.origin !== undefined && { origin: forwarded.origin }),
    ...(reported !== undefined && { reported }),
  };
}

/** What the edge function did, in the words of the vectors. Throws where it threw. */
export function outcomeOf(vector: RequestVector, { answer, threw, logs, origin }: EdgeResult): Expected {
  if (answer === undefined) throw new Error(`the edge function threw: ${threw}`);
  if (answer.statusCode === undefined) {
    const log = logs[0] === undefined ? undefined : (JSON.parse(logs[0]) as { reason: string }).reason;
    return forwardedAs(vector, { ...(answer as Omit<Forwarded, 'origin'>), origin }, log);
  }
  if (answer.statusCode === 204) return { verdict: 'answer', status: 204 };
  return { verdict: 'refuse', status: answer.statusCode, reason: answer.headers['x-edgepass-reason']?.value ?? '' };
}
