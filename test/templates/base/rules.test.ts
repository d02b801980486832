/** Each rule once where it holds and once where it does not. */
import { describe, expect, test } from 'vitest';
import type { Environment, Origin } from '../../../generator/modules/contract.ts';
import { rules } from '../../../templates/base/rules.ts';
import type { BaseSettings } from '../../../templates/base/settings.ts';
import { CERTIFICATE, environmentWith, policyWith, settingsWith, streamWith } from './fixture.ts';

const cookie = streamWith({ carriage: { in: 'cookie', name: 'token' } });
const verified = (name: string) => ({
  [name]: { type: 'custom', domain: 'o.example.com', protocol: 'https', timeout: 30, verifyHeader: 'x-v' } as const,
});
const two = {
  a: { host: 'a.example.com', certificate: CERTIFICATE },
  b: { host: 'b.example.org', certificate: CERTIFICATE.replace('1111', '2222') },
};
const many = (count: number) => ({
  s: streamWith({ paths: Array.from({ length: count }, (_, i) => `/${i}/`), origin: 'x' }),
});
const origins = { ...environmentWith().origins, ...verified('x') };
const ip = (bind: { v4?: number; v6?: number }) => ({ policies: { p: policyWith({ bind: { ip: bind } }) } });
const attach = 'E1A2B3C4D5E6F7';
const assets = { film: { stream: 'live', path: '/live/film/', playlists: { hls: 'index.m3u8' }, demo: false } };

interface Case {
  rule: string;
  severity: 'error' | 'warning' | 'notice';
  path: string;
  settings?: Parameters<typeof settingsWith>[0];
  environment?: Partial<Environment>;
  /** Changes that make it go away. */
  miss: { settings?: Parameters<typeof settingsWith>[0]; environment?: Partial<Environment> };
}

const CASES: Case[] = [
  {
    rule: 'one-address-family',
    severity: 'warning',
    path: '/policies/p/bind/ip',
    environment: ip({ v4: 24 }),
    miss: { settings: { distribution: { ipv6: false } } },
  },
  {
    rule: 'one-address-family',
    severity: 'warning',
    path: '/policies/p/bind/ip',
    settings: { distribution: { ipv6: false } },
    environment: ip({ v6: 56 }),
    miss: { environment: ip({ v4: 24, v6: 56 }) },
  },
  {
    rule: 'default-certificate',
    severity: 'warning',
    path: '/domains',
    environment: { protected: true },
    miss: { environment: { domains: { a: two.a } } },
  },
  {
    rule: 'waf-needs-path-carriage',
    severity: 'warning',
    path: '/streams/live/carriage',
    settings: { revocation: { waf: true } },
    environment: { streams: { live: cookie } },
    miss: { environment: { streams: { live: streamWith() } } },
  },
  {
    rule: 'token-in-cache-key',
    severity: 'error',
    path: '/modules/base/distribution/cacheQuery/1',
    settings: { distribution: { cacheQuery: ['m', 'token'] } },
    environment: { streams: { live: streamWith({ carriage: { in: 'query', name: 'token' } }) } },
    miss: { settings: { distribution: { cacheQuery: ['m'] } } },
  },
  {
    rule: 'plan-without-store',
    severity: 'error',
    path: '/modules/base/distribution/plan',
    settings: { distribution: { plan: 'free' } },
    miss: { settings: { distribution: { plan: 'pro' } } },
  },
  {
    rule: 'waf-on-flat-rate',
    severity: 'error',
    path: '/modules/base/revocation/waf',
    settings: { distribution: { plan: 'business' }, revocation: { waf: true } },
    miss: { settings: { distribution: { plan: 'pay-as-you-go' } } },
  },
  {
    rule: 'one-distribution-per-plan',
    severity: 'error',
    path: '/modules/base/distribution/plan',
    settings: { distribution: { plan: 'premium' } },
    environment: { domains: two },
    miss: { environment: { domains: { a: two.a, b: { ...two.b, certificate: two.a.certificate } } } },
  },
  {
    rule: 'too-many-behaviors',
    severity: 'error',
    path: '/streams',
    environment: { origins, streams: many(38) },
    miss: { environment: { origins, streams: many(37) } },
  },
  {
    rule: 'too-many-behaviors',
    severity: 'error',
    path: '/streams',
    settings: { distribution: { plan: 'free' } },
    environment: { origins, streams: many(3) },
    miss: { settings: { distribution: { plan: 'pro' } } },
  },
  {
    rule: 'too-many-behaviors',
    severity: 'error',
    path: '/streams',
    settings: { distribution: { plan: 'free', attach } },
    environment: { streams: { s: streamWith({ paths: ['/a/', '/b/', '/c/'] }) } },
    miss: { settings: { distribution: { plan: 'free' } } },
  },
  {
    rule: 'cache-query-is-managed',
    severity: 'warning',
    path: '/modules/base/distribution/cacheQuery',
    settings: { distribution: { plan: 'pro' } },
    miss: { settings: { distribution: { plan: 'pro', cacheQuery: [] } } },
  },
  {
    rule: 'cors-is-managed',
    severity: 'warning',
    path: '/modules/base/distribution/plan',
    settings: { distribution: { plan: 'free' } },
    environment: { cors: { origins: ['https://www.example.com'], credentials: false } },
    miss: { settings: { distribution: { plan: 'business' } } },
  },
  {
    rule: 'geography-forwards-all',
    severity: 'warning',
    path: '/modules/base/distribution/plan',
    settings: { distribution: { plan: 'free' } },
    environment: { policies: { subscriber: policyWith({ countries: ['FR'] }) } },
    miss: { environment: { policies: { subscriber: policyWith() } } },
  },
  {
    rule: 'private-needs-own-policy',
    severity: 'error',
    path: '/modules/base/distribution/plan',
    settings: { distribution: { plan: 'pro' } },
    environment: { streams: { live: cookie } },
    miss: { settings: { distribution: { plan: 'business' } } },
  },
  {
    rule: 'attached-domains',
    severity: 'warning',
    path: '/domains',
    settings: { distribution: { attach } },
    environment: { domains: { a: two.a } },
    miss: { environment: { domains: {} } },
  },
  {
    rule: 'attached-hosts',
    severity: 'error',
    path: '/modules/base/distribution/attach',
    settings: { distribution: { attach } },
    environment: { assets, modules: ['base', 'issuing'] },
    miss: { environment: { assets, modules: ['base'] } },
  },
  {
    rule: 'attached-origins',
    severity: 'notice',
    path: '/modules/base/distribution/attach',
    settings: { distribution: { attach } },
    environment: { origins },
    miss: { environment: { origins: verified('x') } },
  },
  {
    rule: 'name-too-long',
    severity: 'error',
    path: '/project',
    environment: { project: 'p'.repeat(60) },
    miss: { environment: { project: 'p'.repeat(24), name: 'e'.repeat(16) } },
  },
  {
    rule: 'verify-header-reserved',
    severity: 'error',
    path: '/origins/o/verifyHeader',
    environment: { origins: { o: { ...(verified('o').o as Origin), verifyHeader: 'x-amz-secret' } } },
    miss: { environment: { origins: verified('o') } },
  },
  {
    rule: 'names-alike',
    severity: 'error',
    path: '/domains',
    environment: {
      domains: {
        first: two.a,
        'a-1': two.b,
        a1: { host: 'c.example.net', certificate: CERTIFICATE.replace('1111', '3333') },
      },
    },
    miss: { environment: { domains: { first: two.a, 'a-1': two.b } } },
  },
];

const found = (settings: BaseSettings, environment: Environment) => rules(settings, environment);

describe('rules', () => {
  test.each(CASES)('$rule at $path', ({ rule, severity, path, settings, environment, miss }) => {
    const hit = found(settingsWith(settings), environmentWith(environment)).filter((one) => one.rule === rule);
    expect(hit).toHaveLength(1);
    expect(hit[0]).toMatchObject({ rule, severity, path });
    expect(hit[0]?.message).toMatch(/[.]$/);
    expect(hit[0]?.hint).toMatch(/[.]$/);
    const without = { ...settings, ...miss.settings };
    const missed = found(settingsWith(without), environmentWith({ ...environment, ...miss.environment }));
    expect(missed.filter((one) => one.rule === rule)).toEqual([]);
  });

  test('none has anything to say about the defaults', () => {
    expect(found(settingsWith(), environmentWith())).toEqual([]);
  });
});
