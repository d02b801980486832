/** Names must lead somewhere, and what is defined should be used. */
import type { Environment } from '../../modules/contract.ts';
import { nearest } from '../../report/nearest.ts';
import { at, type Rule, type RuleFinding } from './rule.ts';

/** A stream's policy and origin exist, and an asset's stream and policy. */
export const namesExist: Rule = ({ streams, policies, origins, assets }) => [
  ...Object.entries(streams).flatMap(([name, stream]) => [
    ...unknown(stream.policy, Object.keys(policies), { path: at('streams', name, 'policy'), kind: 'policy' }),
    ...(stream.origin === undefined
      ? []
      : unknown(stream.origin, Object.keys(origins), { path: at('streams', name, 'origin'), kind: 'origin' })),
  ]),
  ...Object.entries(assets).flatMap(([name, asset]) => [
    ...unknown(asset.stream, Object.keys(streams), { path: at('assets', name, 'stream'), kind: 'stream' }),
    ...(asset.policy === undefined
      ? []
      : unknown(asset.policy, Object.keys(policies), { path: at('assets', name, 'policy'), kind: 'policy' })),
  ]),
];

/** A stream's hosts are delivery domains: the distribution answers to no other name. */
export const hostsAreDomains: Rule = ({ streams, domains }) => {
  const hosts = Object.values(domains).map((domain) => domain.host);
  return Object.entries(streams).flatMap(([name, stream]) =>
    (stream.hosts ?? []).flatMap((host, index) =>
      unknown(host, hosts, { path: at('streams', name, 'hosts', index), kind: 'delivery domain with the host' }),
    ),
  );
};

/** A policy or origin that nothing uses is probably a slip. */
export const everythingIsUsed: Rule = (environment) => [
  ...unused(
    environment,
    'policies',
    new Set([...Object.values(environment.streams), ...Object.values(environment.assets)].map(({ policy }) => policy)),
  ),
  ...unused(
    environment,
    'origins',
    new Set(
      Object.values(environment.streams).map((stream) => stream.origin ?? Object.keys(environment.origins)[0] ?? ''),
    ),
  ),
];

function unknown(word: string, known: string[], where: { path: string; kind: string }): RuleFinding[] {
  if (known.includes(word)) return [];
  const guess = nearest(word, known);
  const list = known.length > 0 ? `Defined: ${known.join(', ')}.` : 'None is defined.';
  return [
    {
      code: 'EP1201',
      severity: 'error',
      path: where.path,
      message: `There is no ${where.kind} \`${word}\`.`,
      hint: guess === undefined ? list : `Did you mean \`${guess}\`? ${list}`,
    },
  ];
}

function unused(
  environment: Environment,
  section: 'policies' | 'origins',
  used: ReadonlySet<string | undefined>,
): RuleFinding[] {
  return Object.keys(environment[section])
    .filter((name) => !used.has(name))
    .map((name) => ({
      code: 'EP1210',
      severity: 'notice',
      path: at(section, name),
      message: `Nothing uses \`${section}.${name}\`.`,
      hint:
        section === 'origins' ? 'Use it in a stream or remove it.' : 'Use it in a stream or an asset, or remove it.',
    }));
}
