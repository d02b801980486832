/** Relations between settings that a schema cannot state. */
import type { Environment, Finding } from '../../generator/modules/contract.ts';
import type { ApiModuleSettings } from './settings.ts';

export function rules({ auth, domain }: ApiModuleSettings, environment: Environment): Finding[] {
  const twice = Object.entries(environment.domains).find(([, { host }]) => host === domain?.host)?.[0];
  const { type, issuer = '' } = auth;
  const { viewing, ...ofServices } = auth.scopes;
  const unfit = Object.entries(environment.assets).filter(([, { policy, stream }]) => {
    const name = policy ?? environment.streams[stream]?.policy ?? '';
    return (environment.policies[name]?.bind?.query ?? []).length > 0;
  });
  const missing = (['issuer', 'audience'] as const).filter((name) => auth[name] === undefined);
  return [
    ...when(type === 'oidc', () =>
      missing.map((name) => ({
        severity: 'error',
        rule: 'oidc-incomplete',
        path: `/modules/api/auth/${name}`,
        message: `Access tokens cannot be checked without \`auth.${name}\`.`,
        hint:
          name === 'issuer'
            ? 'Give the address that stands in the `iss` of its tokens.'
            : 'Give the name of this API at the issuer.',
      })),
    ),
    ...when(type === 'iam' && missing.length < 2, () => [
      {
        severity: 'warning',
        rule: 'oidc-unused',
        path: '/modules/api/auth/type',
        message: 'An issuer or audience is given, and callers are asked for AWS signatures all the same.',
        hint: 'Set `auth.type: oidc`, or remove them.',
      },
    ]),
    // Who has it could come through the door of services, and state any address and any subject.
    ...when(type === 'oidc' && Object.values(ofServices).includes(viewing), () => [
      {
        severity: 'error',
        rule: 'viewers-are-services',
        path: '/modules/api/auth/scopes/viewing',
        message: `The scope \`${viewing}\` of viewers is one of services, too: viewers could say that they are somebody else.`,
        hint: 'Give viewers a scope of their own.',
      },
    ]),
    // CloudFront Developer Guide, "Requirements for using alternate domain names": a name is on one distribution only.
    ...when(twice !== undefined, () => [
      {
        severity: 'error',
        rule: 'domain-twice',
        path: '/modules/api/domain/host',
        message: `The name is that of the delivery domain \`${twice}\`, and a name can be on one distribution only.`,
        hint: 'Give the API a name of its own.',
      },
    ]),
    ...when(type === 'iam' && domain !== undefined, () => [
      {
        severity: 'warning',
        rule: 'domain-unused',
        path: '/modules/api/domain',
        message: 'There is no door for viewers with `auth.type: iam`, so nobody uses this name.',
        hint: 'Set `auth.type: oidc`, or remove `domain`.',
      },
    ]),
    ...unfit.map(
      ([id]): Finding => ({
        severity: 'warning',
        rule: 'asset-unfit',
        path: `/assets/${id}`,
        message: 'Its policy binds query parameters, and URLs of the API have none: the API issues no token for it.',
        hint: 'Give it a policy without `bind.query`, or issue its tokens with the library.',
      }),
    ),
    ...when(type === 'oidc' && issuer.startsWith('http:'), () => [
      {
        severity: environment.protected ? 'error' : 'warning',
        rule: 'issuer-for-trials',
        path: '/modules/api/auth/issuer',
        message: 'An issuer without TLS is for trials on one machine; a deployed function does not reach it.',
        hint: 'Give the https address of the issuer.',
      },
    ]),
  ];
}

function when(condition: boolean, findings: () => Finding[]): Finding[] {
  return condition ? findings() : [];
}
