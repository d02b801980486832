/** `tokens.json`: our issuer mints these very tokens, jose verifies them, and the edge lets them play. */
import { compactVerify, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createIssuer, fixedKey } from '../../runtime/issuer/index.ts';
import { describeWith } from '../helpers/needs.ts';
import { runEdge } from '../helpers/njs.ts';
import type { TestKey } from '../helpers/sign.ts';
import { edgeText, verdict } from '../runtime/base/world.ts';
import { asPlayed } from './play.ts';
import { CLAIM_ORDER } from './source/issue.ts';
import type { IssueInput, TokenVector } from './types.ts';
import { deployed, published, runOf } from './world.ts';

const { tokens, variants, now } = published.tokens;
const { keys, deployments } = published.deployments;
const { policies, streams } = deployments.main;
const vectorOf = (name: string): TokenVector => tokens.find((vector) => vector.name === name) as TokenVector;
const signKey = (kid: string): Buffer => Buffer.from((keys[kid] as TestKey).sign, 'base64url');
/** The JWT without the session in front of it. */
const jwtOf = (token: string): string => token.split('.').slice(-3).join('.');

const mintable = tokens.filter((vector): vector is TokenVector & { issue: IssueInput } => vector.issue !== undefined);

describe('our issuer', () => {
  it.each(mintable)('mints: $name', async ({ issue, token, url, claims }) => {
    const { audience, key, policy, lifetime, now: at, ...request } = issue;
    const record = { version: 1 as const, audience, ...key, signFrom: at, signUntil: at + 1 };
    const issuer = createIssuer({ audience, policies, streams, keys: fixedKey(record), now: () => at * 1000 });
    const issued = await issuer.issue({ ...request, policy: policy.name, ...(lifetime && { ttl: lifetime }) });
    expect(issued).toEqual({
      token,
      url,
      expires: claims.exp,
      ...(claims.ssn !== undefined && { session: claims.ssn }),
    });
  });

  it('is asked with the policies of the deployment', () => {
    for (const { issue } of mintable) {
      const { name, ...policy } = issue.policy;
      expect(policy).toEqual(policies[name]);
      expect(issue.key).toEqual(keys[issue.key.kid]);
    }
  });
});

describe('jose', () => {
  const currentDate = new Date(now * 1000);
  const { audience } = deployments.main;

  it.each(tokens)('verifies: $name', async ({ token, kid, claims }) => {
    const { payload, protectedHeader } = await jwtVerify(jwtOf(token), signKey(kid), { audience, currentDate });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT', kid });
    expect(payload).toEqual(claims);
    expect(Buffer.from(jwtOf(token).split('.')[1] as string, 'base64url').toString()).toBe(JSON.stringify(claims));
    const known = Object.keys(payload).filter((claim) => CLAIM_ORDER.includes(claim));
    expect(known).toEqual(CLAIM_ORDER.filter((claim) => known.includes(claim)));
  });

  it.each(variants)('verifies: $of, $how', async ({ of, token, header, payload: text }) => {
    const { claims, kid, token: ours } = vectorOf(of);
    const { payload } = await jwtVerify(jwtOf(token), signKey(kid), { audience, currentDate });
    expect(payload).toEqual(claims);
    expect(token).not.toBe(ours);
    const parts = jwtOf(token).split('.').slice(0, 2);
    expect(parts.map((part) => Buffer.from(part, 'base64url').toString())).toEqual([header, text]);
  });

  it('finds the signature right in every request that is forwarded with a token, and wrong where the edge says so', async () => {
    const found = { right: 0, wrong: 0 };
    for (const { name, uri, expected } of published.requests.requests) {
      const token = uri.match(/^\/(?:[\w-]{16,64}\.)?(eyJ[\w-]+\.[\w-]+\.[\w-]{43})(?=\/)/)?.[1];
      const reason = expected.verdict === 'refuse' ? expected.reason : '';
      if (token === undefined || (expected.verdict === 'forward' && uri.endsWith(expected.uri) === false)) continue;
      const { kid } = JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()) as { kid: string };
      if (keys[kid] === undefined || !(reason === '' || reason === 'signature_invalid')) continue;
      const verified = await compactVerify(token, signKey(kid)).then(
        () => 'right' as const,
        () => 'wrong' as const,
      );
      expect([name, verified]).toEqual([name, reason === '' ? 'right' : 'wrong']);
      found[verified] += 1;
    }
    expect(found.right).toBeGreaterThan(60);
    expect(found.wrong).toBeGreaterThan(5);
  });
});

describeWith(['njs'], 'the edge', () => {
  it('lets every token play, in every spelling', async () => {
    const spellings = variants.map((variant) => ({
      ...vectorOf(variant.of),
      name: `${variant.of}, ${variant.how}`,
      token: variant.token,
    }));
    const played = [...tokens, ...spellings].map((vector) => ({ vector, ...asPlayed(vector) }));
    const results = runEdge(
      await edgeText(...deployed(deployments.main)),
      played.map(({ request }) => runOf(request)),
    );
    const given = results.map((result, i) => [played[i]?.vector.name, verdict(result)]);
    expect(given).toEqual(played.map(({ vector, path }) => [vector.name, `pass ${path}`]));
  });
});
