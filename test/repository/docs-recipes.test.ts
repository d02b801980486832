/** Recipes of the guides are run: what they issue is accepted by the function that ships, for that viewer only. */
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { typedEnvironment } from '../../generator/config/environment.ts';
import { load } from '../../generator/config/load.ts';
import { resolve } from '../../generator/config/resolve.ts';
import { validate } from '../../generator/config/validate.ts';
import { knownModules } from '../../generator/project.ts';
import { createIssuer, fixedKey, type IssueRequest, type Issuer } from '../../runtime/issuer/index.ts';
import { encodeState } from '../../runtime/keys/state.ts';
import { root } from '../helpers/config.ts';
import { describeWith } from '../helpers/needs.ts';
import { runEdge } from '../helpers/njs.ts';
import { testKey } from '../helpers/sign.ts';
import { type Asked, edgeText, NOW, run, verdict } from '../runtime/base/world.ts';
import { type Block, blocks, moduleOf, wholeConfig } from './docs-blocks.ts';

const AUDIENCE = 'acme-video/prod';
const KEY = testKey('docs');
const record = { version: 1 as const, audience: AUDIENCE, ...KEY, signFrom: NOW - 1000, signUntil: NOW + 100_000 };
const state = encodeState({ audience: AUDIENCE, keys: [KEY], voidBefore: 0 });
const options = { unmatched: 'refuse', log: 'refused', exposeReason: true } as const;

describe('recipes of policies.md', async () => {
  const known = await knownModules({ packageRoot: root }, root);
  if (!known.ok) throw new Error(JSON.stringify(known.diagnostics));
  const { schema, checks } = known.value;

  async function environmentOf(block: Block) {
    const source = load('config.yaml', wholeConfig(block.text));
    const config = source.ok ? validate(source.value, schema, await checks()) : source;
    const resolved = config.ok ? resolve(config.value, 'prod') : config;
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
    return typedEnvironment(resolved.value);
  }

  const recipes: { name: string; config: Block; call: Block }[] = [];
  let config: Block | undefined;
  for (const block of blocks('docs/integration/policies.md')) {
    if (block.info.startsWith('yaml')) config = block;
    if (block.info === 'ts' && config) recipes.push({ name: `line ${block.line}`, config, call: block });
  }

  describeWith(['njs'], 'at the edge', () => {
    it('are there', () => {
      expect(recipes.length).toBeGreaterThan(8);
    });

    it.each(recipes)('$name issues what the edge accepts, for that viewer only', async ({ config: snippet, call }) => {
      const environment = await environmentOf(snippet);
      const { policies, streams } = environment;
      const issuer = createIssuer({
        keys: fixedKey(record),
        audience: AUDIENCE,
        policies,
        streams,
        domains: { media: { host: 'media.example.com' } },
        now: () => NOW * 1000,
      });
      expect(issuer.warnings).toEqual([]);
      let asked: IssueRequest | undefined;
      const watched: Issuer = {
        ...issuer,
        issue: (request) => {
          asked = request;
          return issuer.issue(request);
        },
      };
      const body = (await transform(call.text, { loader: 'ts' })).code;
      const { default: make } = await moduleOf<{ default: (issuer: Issuer) => Promise<string> }>(
        `export default async (issuer) => {\n${body}\nreturn url;\n}`,
      );
      const url = new URL(await make(watched));
      const policy = policies[asked?.policy ?? ''];
      const country = asked?.geography?.countries?.[0] ?? policy?.countries?.[0] ?? 'FR';
      const good: Asked = {
        uri: url.pathname,
        query: url.search.slice(1),
        ip: asked?.viewer?.ip ?? '192.0.2.1',
        headers: {
          ...(asked?.viewer?.headers as Record<string, string>),
          'cloudfront-viewer-country': country,
          ...(policy?.regions && { 'cloudfront-viewer-country-region': (policy.regions[0] as string).slice(3) }),
        },
        now: NOW,
        state,
      };
      const cases: [Asked, string][] = [[good, `pass ${url.pathname.replace(/^\/[^/]+/, '')}`]];
      const headers = good.headers as Record<string, string>;
      if (policy?.countries)
        cases.push([{ ...good, headers: { ...headers, 'cloudfront-viewer-country': 'JP' } }, '451 geo_not_allowed']);
      if (policy?.bind?.ip) cases.push([{ ...good, ip: '198.51.100.1' }, '403 binding_mismatch']);
      for (const name of policy?.bind?.headers ?? [])
        cases.push([{ ...good, headers: { ...headers, [name]: 'another' } }, '403 binding_mismatch']);
      if (policy?.bind?.query) cases.push([{ ...good, query: 'device=another' }, '403 binding_mismatch']);
      if (policy?.session)
        cases.push([{ ...good, revoked: [`r.${url.pathname.slice(1, 23)}`] }, '410 session_revoked']);
      cases.push([{ ...good, now: NOW + (asked?.ttl ?? policy?.lifetime ?? 0) }, '401 token_expired']);
      const text = await edgeText(environment, options);
      const results = runEdge(
        text,
        cases.map(([request]) => run(request)),
      );
      expect(results.map(verdict)).toEqual(cases.map(([, expected]) => expected));
    });
  });
});
