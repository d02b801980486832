/** An environment and settings of `base` to start tests from. */
import type { Environment, Policy, Stream } from '../../../generator/modules/contract.ts';
import type { BaseSettings } from '../../../templates/base/settings.ts';

export const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';

export function environmentWith(changes: Partial<Environment> = {}): Environment {
  return {
    project: 'acme-video',
    name: 'dev',
    account: '111111111111',
    region: 'eu-west-1',
    protected: false,
    tags: {},
    origins: { packager: { type: 'custom', domain: 'origin.example.com', protocol: 'https', timeout: 30 } },
    domains: {},
    cors: { origins: ['*'], credentials: false },
    policies: { subscriber: { lifetime: 14_400, session: true } },
    streams: { live: streamWith() },
    assets: {},
    modules: ['base'],
    ...changes,
  };
}

export function streamWith(changes: Partial<Stream> = {}): Stream {
  return { paths: ['/live/'], policy: 'subscriber', mode: 'enforce', carriage: { in: 'path' }, ...changes };
}

export function policyWith(changes: Partial<Policy> = {}): Policy {
  return { lifetime: 14_400, session: true, ...changes };
}

type Section = { [Name in keyof BaseSettings]?: Partial<BaseSettings[Name]> };

export function settingsWith({ distribution, edge, keys, revocation }: Section = {}): BaseSettings {
  return {
    distribution: { plan: 'pay-as-you-go', priceClass: 'all', ipv6: true, cacheQuery: ['_HLS_msn'], ...distribution },
    edge: { unmatched: 'refuse', log: 'refused', logRetention: 30, exposeReason: true, ...edge },
    keys: { rotateEvery: '30d', propagation: '5m', ...keys },
    revocation: { waf: false, wafCapacity: 1400, ...revocation },
  };
}
