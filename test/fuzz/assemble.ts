/** From a draft to the event of a request: binds, signs, and puts the token where it is carried. */
import { networkOf } from '../../runtime/token/network.ts';
import { eventOf } from '../adversarial/event-of.ts';
import type { EdgeRun } from '../helpers/njs.ts';
import { type Attribute, encode, mac, signBinding } from '../helpers/sign.ts';
import { type Asked, state } from '../runtime/base/world.ts';
import type { Draft, Sent } from './draft.ts';

const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? '';
const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

function parameter(query: string[], name: string): string {
  const pair = query
    .join('&')
    .split('&')
    .find((text) => text.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? '';
}

/** What an issuer binds of what it sees. */
function attributes(claims: Record<string, unknown>, seen: Pick<Sent, 'ip' | 'headers' | 'query'>): Attribute[] {
  const list: Attribute[] = [];
  const { ip, ip_ver } = claims;
  if (typeof ip === 'number' && (ip_ver === 4 || ip_ver === 6)) {
    list.push(['i', `${ip_ver}/${ip}`, networkOf(seen.ip, ip_ver, ip)]);
  }
  for (const name of names(claims.headers))
    list.push(['h', name, Object.hasOwn(seen.headers, name) ? first(seen.headers[name]) : '']);
  for (const name of names(claims.qs)) list.push(['q', name, parameter(seen.query, name)]);
  return list;
}

const AUD = 'acme/test';
const edit = (text: string, edits: ((text: string) => string)[]): string =>
  edits.reduce((now, change) => change(now), text);

/**
 * Numbers that the engine reads and the standard refuses (`test/adversarial/cases/engine.ts`), and its limit of nesting: the
 * two parsers are known to differ there, and nobody without the key can make such a token.
 */
const ENGINE = /[:,[\s]-?(?:0\d|\.\d|\d+\.(?!\d))/;
const deep = (text: string): boolean => /(?:[[{][^[\]{}]*){30}/.test(text);

/** The token of a draft. */
export function tokenOf(draft: Draft): string {
  const { claims, edits, key } = draft;
  const bindsNow =
    draft.bind !== 'none' && (claims.ip !== undefined || claims.headers !== undefined || claims.qs !== undefined);
  if (bindsNow) {
    const said = { ...claims, ...draft.boundFor };
    const list = attributes(said, draft.bind === 'now' ? draft.sent : draft.issuedTo);
    const content = { ...said, aud: AUD } as unknown as Parameters<typeof signBinding>[1];
    claims.intsig = signBinding({ ...key, bind: draft.bindWith }, content, list);
  }
  const plain = JSON.stringify(claims);
  const edited = edit(plain, edits.json);
  const json = ENGINE.test(edited) || deep(edited) ? plain : edited;
  const signed = edit(`${encode(draft.header)}.${encode(json)}`, edits.segment);
  const token = `${draft.session === null ? '' : `${draft.session}.`}${signed}.${mac(draft.signWith, signed)}`;
  return edit(token, edits.token);
}

const states = new Map<string, string>();

function stateOf(draft: Draft): EdgeRun['state'] {
  if (draft.stateText !== undefined) return draft.stateText;
  const name = JSON.stringify(draft.state);
  let text = states.get(name);
  if (text === undefined) {
    text = state(draft.state);
    if (states.size > 5000) states.clear();
    states.set(name, text);
  }
  return text;
}

/** The request of a draft, and what the edge meets with it. */
export function assemble(draft: Draft): EdgeRun {
  const token = tokenOf(draft);
  const { sent, carriage } = draft;
  const query = [...sent.query];
  const headers = { ...sent.headers };
  const cookies = { ...sent.cookies };
  let uri = draft.path;
  const add = (held: Record<string, string | string[]>, name: string): void => {
    const already = held[name];
    held[name] = already === undefined ? token : [already, token].flat();
  };
  if (carriage.in === 'path') uri = `/${token}${draft.path}`;
  if (carriage.in === 'query') query.push(`${carriage.name}=${token}`);
  if (carriage.in === 'cookie') add(cookies, carriage.name);
  if (carriage.in === 'header') add(headers, carriage.name.toLowerCase());
  const asked: Asked = {
    uri: edit(uri, draft.edits.url),
    method: sent.method,
    ip: sent.ip,
    cookies,
    headers,
    query: query.join('&'),
    state: stateOf(draft),
    revoked: draft.revoked,
  };
  if (!sent.raw) asked.raw = false;
  const run = eventOf(asked);
  // The world adds headers that were not given; a fuzzed request may lack them.
  for (const name of ['host', 'user-agent', 'accept'])
    if (headers[name] === undefined) delete run.event.request.headers[name];
  run.now = Math.round(draft.now * 1000);
  return run;
}
