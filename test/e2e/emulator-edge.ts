/**
 * The edge of a deployment on the emulator: what its KeyValueStore and its rules of AWS WAF hold, and what the function text that
 * was generated for it makes of requests under njs. ministack itself runs no edge functions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIssuer } from '../../runtime/issuer/index.ts';
import { toIssuerKey } from '../../runtime/issuer/key-source.ts';
import { decodeState, type EdgeState, STATE_KEY } from '../../runtime/keys/state.ts';
import { sessionsOf } from '../../runtime/sessions/rule-packing.ts';
import { runEdge } from '../helpers/njs.ts';
import { run, verdict } from '../runtime/base/world.ts';
import type { Project } from './emulator-project.ts';

export interface Edge {
  /** All keys with their values. */
  store(): Promise<Map<string, string>>;
  state(): Promise<EdgeState>;
  /** Keys of revoked sessions, sorted. */
  revoked(): Promise<string[]>;
  /** Sessions in the rule group, sorted. */
  rules(): Promise<string[]>;
  /** What a viewer gets from an issuer with a record, at some time; with a session of the issuer's own, or a new one. */
  issue(record: string, asked: { now: number; session?: string }): Promise<{ path: string; session: string }>;
  /** `pass …` or `<status> <reason>`. */
  ask(path: string, now: number): Promise<string>;
}

const HOST = 'd111111abcdef8.cloudfront.net';
const VIEWER = { ip: '203.0.113.77', country: 'FR', headers: { 'user-agent': 'Player/1.0' } };

export interface EdgeOptions {
  endpoint: string;
  project: Project;
  environment: string;
  account: string;
  keyValueStoreArn: string;
  ruleGroupArn: string;
}

export function edgeOf({ endpoint, project, environment, account, keyValueStoreArn, ruleGroupArn }: EdgeOptions): Edge {
  const credential = `X-Amz-Credential=${account}/20260101/us-east-1/cloudfront-keyvaluestore/aws4_request`;
  const text = (): string =>
    readFileSync(join(project.folder, `out/${environment}/functions/base.validator.js`), 'utf8');

  async function store(): Promise<Map<string, string>> {
    const keys = new Map<string, string>();
    let next = '';
    do {
      const page = `${endpoint}/key-value-stores/${encodeURIComponent(keyValueStoreArn)}/keys?MaxResults=50&${credential}${next}`;
      const answer = await fetch(page);
      if (!answer.ok) throw new Error(await answer.text());
      const { Items, NextToken } = (await answer.json()) as {
        Items: { Key: string; Value: string }[];
        NextToken?: string;
      };
      for (const { Key, Value } of Items) keys.set(Key, Value);
      next = NextToken === undefined ? '' : `&NextToken=${encodeURIComponent(NextToken)}`;
    } while (next !== '');
    return keys;
  }

  return {
    store,
    state: async () => decodeState((await store()).get(STATE_KEY) ?? '') as EdgeState,
    revoked: async () => [...(await store()).keys()].filter((key) => key.startsWith('r.')).sort(),
    async rules() {
      const [Name, Id] = ruleGroupArn.split('/').slice(-2);
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/wafv2/aws4_request, SignedHeaders=host, Signature=0`,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSWAF_20190729.GetRuleGroup',
        },
        body: JSON.stringify({ Name, Id, Scope: 'CLOUDFRONT' }),
      });
      const { RuleGroup } = (await answer.json()) as { RuleGroup: { Rules?: WireRule[] } };
      return (sessionsOf((RuleGroup.Rules ?? []).map(decoded)) ?? []).sort();
    },
    async issue(record, { now, session }) {
      const issuer = createIssuer({
        audience: `acme-video/${environment}`,
        now: () => now * 1000,
        keys: { current: () => toIssuerKey(record) },
        // Those of config.yaml.
        policies: {
          subscriber: {
            lifetime: 14_400,
            session: true,
            countries: ['FR', 'BE'],
            bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
          },
        },
        streams: { live: { paths: ['/live/'], exclude: ['/ads/'], policy: 'subscriber' } },
      });
      const issued = await issuer.issue({
        policy: 'subscriber',
        url: `https://${HOST}/live/one/index.m3u8`,
        viewer: VIEWER,
        ...(session === undefined ? {} : { session }),
      });
      return { path: new URL(issued.url).pathname, session: issued.session ?? '' };
    },
    async ask(path, now) {
      const keys = await store();
      const asked = run({
        uri: path,
        ip: VIEWER.ip,
        now,
        state: keys.get(STATE_KEY) ?? null,
        revoked: [...keys.keys()],
        headers: { ...VIEWER.headers, 'cloudfront-viewer-country': VIEWER.country },
      });
      const [result] = runEdge(text(), [asked]);
      return result === undefined ? 'no result' : verdict(result);
    },
  };
}

type WireRule = { Statement: { ByteMatchStatement?: { SearchString: string } } };

/** Bytes go over the wire in base64. */
function decoded({ Statement, ...rule }: WireRule): Parameters<typeof sessionsOf>[0][number] {
  const { ByteMatchStatement: match } = Statement;
  const own = match && { ByteMatchStatement: { ...match, SearchString: Buffer.from(match.SearchString, 'base64') } };
  return { ...rule, Statement: { ...Statement, ...own } } as unknown as ReturnType<typeof decoded>;
}
