/** Settings that contradict each other, and what the template is told. */
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../generator/modules/contract.ts';
import { rules } from '../../../templates/api/rules.ts';
import type { ApiModuleSettings } from '../../../templates/api/settings.ts';
import { view } from '../../../templates/api/view.ts';
import { environment } from '../../runtime/issuer/world.ts';
import { NOT_KEPT } from '../not-kept.ts';
import { renderConfig } from '../rendering.ts';

const scopes = { playback: 'p', revocations: 'r', assets: 'a', assetChanges: 'w', viewing: 'v' };
const settings = (
  auth: Partial<ApiModuleSettings['auth']> = {},
  more: Partial<ApiModuleSettings> = {},
): ApiModuleSettings => ({
  auth: { type: 'iam', tokenType: 'at+jwt', scopes, ...auth },
  maxSessionAge: '12h',
  throttling: { rate: 50, burst: 100, viewer: 30 },
  logRetention: 30,
  ...more,
});
const OIDC = { type: 'oidc', issuer: 'https://login.example.com/', audience: 'api' } as const;
const DOMAIN = { host: 'play.example.com', certificate: 'arn:aws:acm:us-east-1:1:certificate/1' };
const found = (given: ApiModuleSettings, env: Partial<Environment> = {}) =>
  rules(given, { ...environment, ...env }).map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);

describe('rules', () => {
  it.each<[string, ApiModuleSettings, Partial<Environment>, string[]]>([
    ['nothing to find with the defaults', settings(), {}, []],
    ['nothing to find with an issuer', settings(OIDC, { domain: DOMAIN }), { protected: true }, []],
    [
      'an issuer that is missing',
      settings({ type: 'oidc' }),
      {},
      ['error oidc-incomplete /modules/api/auth/issuer', 'error oidc-incomplete /modules/api/auth/audience'],
    ],
    ['an audience that is not used', settings({ audience: 'api' }), {}, ['warning oidc-unused /modules/api/auth/type']],
    ['a name that is not used', settings({}, { domain: DOMAIN }), {}, ['warning domain-unused /modules/api/domain']],
    [
      'a scope that makes services of viewers',
      settings({ ...OIDC, scopes: { ...scopes, revocations: 'v' } }),
      {},
      ['error viewers-are-services /modules/api/auth/scopes/viewing'],
    ],
    [
      'one scope for all that services may',
      settings({ ...OIDC, scopes: { ...scopes, revocations: 'p', assets: 'p', assetChanges: 'p' } }),
      {},
      [],
    ],
    [
      'an issuer for trials, protected',
      settings({ ...OIDC, issuer: 'http://127.0.0.1:80' }),
      { protected: true },
      ['error issuer-for-trials /modules/api/auth/issuer'],
    ],
    [
      'an issuer for trials',
      settings({ ...OIDC, issuer: 'http://127.0.0.1:80' }),
      {},
      ['warning issuer-for-trials /modules/api/auth/issuer'],
    ],
    [
      'an asset for which no token can be issued',
      settings(),
      {
        policies: { ...environment.policies, asking: { lifetime: 60, session: false, bind: { query: ['device'] } } },
        assets: { film: { stream: 'live', path: '/live/film/', playlists: {}, policy: 'asking', demo: false } },
      },
      ['warning asset-unfit /assets/film'],
    ],
    [
      'a name that a delivery domain has',
      settings(OIDC, { domain: DOMAIN }),
      { domains: { media: DOMAIN } },
      ['error domain-twice /modules/api/domain/host'],
    ],
  ])('%s', (_name, given, env, expected) => {
    expect(found(given, env)).toEqual(expected);
  });
});

describe('the template', () => {
  it('lets nobody but a preflight through without a signature, with iam', () => {
    const { routes, auth } = view(settings(), environment) as { routes: { key: string; type: string }[]; auth: string };
    expect(routes.filter(({ type }) => type !== 'AWS_IAM').map(({ key }) => key)).toEqual(['OPTIONS /{path+}']);
    expect(routes.map(({ key }) => key)).toContain('$default');
    expect(JSON.parse(auth)).toEqual({ type: 'iam' });
  });

  it('holds the functions that answer to what they are given, so that a flood takes nothing from others', async () => {
    const { stacks } = await renderConfig('templates/api/example.yaml');
    const limits = (environment: string) => {
      const { Resources } = stacks[environment]?.find(({ id }) => id === 'api.home')?.template ?? {};
      return Object.fromEntries(
        Object.entries(Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>)
          .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
          .map(([id, { Properties }]) => [id, Properties.ReservedConcurrentExecutions]),
      );
    };
    expect(limits('dev')).toEqual({ SeedFunction: undefined, ServicesFunction: undefined });
    expect(limits('prod')).toEqual({ SeedFunction: undefined, ServicesFunction: 100, ViewersFunction: 100 });
  });

  it('has CloudFront keep no refusal of one viewer for the others', async () => {
    const { stacks } = await renderConfig('templates/api/example.yaml');
    const { Resources } = stacks.prod?.find(({ id }) => id === 'api.home')?.template ?? {};
    const { Distribution } = Resources as { Distribution: { Properties: { DistributionConfig: object } } };
    expect(Distribution.Properties.DistributionConfig).toMatchObject({ CustomErrorResponses: NOT_KEPT });
  });

  it('has settings as the runtime reads them', () => {
    const { seed } = view(settings(OIDC), environment) as { seed: { settings: string } };
    expect(JSON.parse(seed.settings)).toMatchObject({
      audience: 'acme/test',
      maxSessionAge: 43_200,
      policies: environment.policies,
    });
  });
});
