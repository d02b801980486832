/** Streams against their policy, their carriage and the environment they run in. */
import type { Environment, Policy, Stream } from '../../modules/contract.ts';
import { at, type Rule, type RuleFinding } from './rule.ts';

/** The edge refuses what outlives the stream's maximum, however it was minted. */
export const lifetimesFit: Rule = (environment) =>
  each(environment, (name, stream, policy) => {
    if (policy === undefined || stream.maxLifetime === undefined || stream.maxLifetime >= policy.lifetime) return [];
    return [
      {
        code: 'EP1205',
        severity: 'warning',
        path: at('streams', name, 'maxLifetime'),
        message: `Tokens of policy \`${stream.policy}\` live ${policy.lifetime} s, but this stream refuses any that lives longer than ${stream.maxLifetime} s.`,
        hint: 'Raise `maxLifetime`, or give the stream a policy with a shorter lifetime.',
      },
    ];
  });

/** Relative segment URLs repeat a path, but neither a query nor a header. */
export const carriageSuitsPlayers: Rule = (environment) =>
  each(environment, (name, stream, policy) => [
    ...(policy?.bind?.query === undefined
      ? []
      : [
          warning(at('streams', name, 'policy'), {
            message: `Policy \`${stream.policy}\` binds query parameters; relative URLs of playlists and segments drop them.`,
            hint: 'Use `bind.headers` for HLS and DASH.',
          }),
        ]),
    ...(stream.carriage.in === 'cookie' && !environment.cors.credentials
      ? [
          warning(at('streams', name, 'carriage', 'in'), {
            message: 'Cookies reach the edge from pages of other sites only if `cors.credentials` is on.',
            hint: 'Set `cors: {credentials: true}` with listed websites, unless player and video share a site.',
          }),
        ]
      : []),
    ...(stream.carriage.in === 'header' && (policy?.bind?.headers ?? []).includes(stream.carriage.name)
      ? [
          {
            code: 'EP1206' as const,
            severity: 'error' as const,
            path: at('streams', name, 'carriage', 'name'),
            message: `A token cannot be bound to \`${stream.carriage.name}\`, the header that carries it.`,
            hint: 'Bind another header.',
          },
        ]
      : []),
    ...(stream.carriage.in === 'header' && stream.carriage.name !== stream.carriage.name.toLowerCase()
      ? [
          {
            code: 'EP1206' as const,
            severity: 'error' as const,
            path: at('streams', name, 'carriage', 'name'),
            message: 'CloudFront gives header names in lower case only.',
            hint: `Write \`${stream.carriage.name.toLowerCase()}\`.`,
          },
        ]
      : []),
  ]);

/** In a protected environment a stream that refuses nothing is pointed out. */
export const protectedEnforces: Rule = (environment) =>
  environment.protected
    ? each(environment, (name, stream) =>
        stream.mode === 'enforce'
          ? []
          : [
              {
                code: 'EP1209',
                severity: 'warning',
                path: at('streams', name, 'mode'),
                message: `Stream \`${name}\` refuses nothing here (mode \`${stream.mode}\`), though the environment is protected.`,
                hint: 'Set `mode: enforce` in this environment when the reports look right.',
              },
            ],
      )
    : [];

function each(
  environment: Environment,
  rule: (name: string, stream: Stream, policy: Policy | undefined) => RuleFinding[],
): RuleFinding[] {
  return Object.entries(environment.streams).flatMap(([name, stream]) =>
    rule(
      name,
      stream,
      Object.hasOwn(environment.policies, stream.policy) ? environment.policies[stream.policy] : undefined,
    ),
  );
}

function warning(path: string, text: { message: string; hint: string }): RuleFinding {
  return { code: 'EP1207', severity: 'warning', path, ...text };
}
