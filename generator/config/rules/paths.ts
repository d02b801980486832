/** Which stream a path belongs to must never be in doubt. The longest matching prefix decides, per host. */
import type { Environment, Stream } from '../../modules/contract.ts';
import { at, contains, type Rule, type RuleFinding } from './rule.ts';

export interface Claim {
  stream: string;
  kind: 'paths' | 'exclude';
  index: number;
  prefix: string;
}

/** The same prefix cannot belong to two streams, unless both exclude it and treat its requests alike. */
export const noPathTwice: Rule = (environment) =>
  pairs(claims(environment)).flatMap(([first, second]) => {
    if (first.prefix !== second.prefix || !share(environment, first, second)) return [];
    if (first.kind === 'exclude' && second.kind === 'exclude' && alike(environment, first, second)) return [];
    if (first.stream === second.stream && first.kind !== second.kind) return []; // excludesAreOutside says it better
    return [
      {
        code: 'EP1202',
        severity: 'error',
        path: at('streams', second.stream, second.kind, second.index),
        message: `Streams \`${first.stream}\` and \`${second.stream}\` both claim \`${second.prefix}\`.`,
        hint:
          first.kind === 'exclude' && second.kind === 'exclude'
            ? 'Streams that exclude the same prefix need the same mode, carriage, hosts and origin, and bind the query both or not at all.'
            : 'Give each stream a path of its own, or separate them with `hosts`.',
      } satisfies RuleFinding,
    ];
  });

/** A stream inside another one takes its requests over; that is allowed, and easily unintended. */
export const shadowsAreSeen: Rule = (environment) =>
  pairs(claims(environment).filter((claim) => claim.kind === 'paths')).flatMap(([first, second]) => {
    if (first.stream === second.stream || first.prefix === second.prefix || !share(environment, first, second))
      return [];
    const [outer, inner] = contains(first.prefix, second.prefix) ? [first, second] : [second, first];
    if (!contains(outer.prefix, inner.prefix)) return [];
    return [
      {
        code: 'EP1203',
        severity: 'warning',
        path: at('streams', inner.stream, 'paths', inner.index),
        message: `\`${inner.prefix}\` of stream \`${inner.stream}\` shadows a part of \`${outer.prefix}\` of stream \`${outer.stream}\`.`,
        hint: `Tokens for stream \`${outer.stream}\` are checked against the policy of \`${inner.stream}\` there. Choose paths apart if that is not meant.`,
      } satisfies RuleFinding,
    ];
  });

/** An excluded prefix that covers a protected path would switch its binding off. */
export const excludesAreOutside: Rule = (environment) => {
  const all = claims(environment);
  return all
    .filter((claim) => claim.kind === 'exclude')
    .flatMap((excluded) => {
      const covered = all.find(
        (claim) =>
          claim.kind === 'paths' && contains(excluded.prefix, claim.prefix) && share(environment, excluded, claim),
      );
      if (covered === undefined) return [];
      return [
        {
          code: 'EP1204',
          severity: 'error',
          path: at('streams', excluded.stream, 'exclude', excluded.index),
          message: `The excluded prefix \`${excluded.prefix}\` covers \`${covered.prefix}\` of stream \`${covered.stream}\`.`,
          hint: 'Exclude a folder that holds no protected content, for example `/ads/`.',
        } satisfies RuleFinding,
      ];
    });
};

/** Every prefix that a stream claims. */
export function claims({ streams }: Environment): Claim[] {
  const of = (name: string, stream: Stream, kind: Claim['kind']): Claim[] =>
    (stream[kind] ?? []).map((prefix, index) => ({ stream: name, kind, index, prefix }));
  return Object.entries(streams).flatMap(([name, stream]) => [
    ...of(name, stream, 'paths'),
    ...of(name, stream, 'exclude'),
  ]);
}

/** Whether one request can reach both streams; a stream without hosts answers on all. */
export function share({ streams }: Environment, a: Pick<Claim, 'stream'>, b: Pick<Claim, 'stream'>): boolean {
  const left = streams[a.stream]?.hosts;
  const right = streams[b.stream]?.hosts;
  return left === undefined || right === undefined || left.some((host) => right.includes(host));
}

/**
 * Whether two streams treat the requests of a shared prefix alike as far as it matters before the token has said which
 * of them it is for: where the token is, which query counts, what a refusal does, and where the request goes.
 */
function alike({ streams, policies, origins }: Environment, a: Claim, b: Claim): boolean {
  const relevant = (name: string): string => {
    const { policy = '', mode, carriage, hosts, origin = Object.keys(origins)[0] } = streams[name] ?? {};
    const bindsQuery = Object.hasOwn(policies, policy) && policies[policy]?.bind?.query !== undefined;
    return JSON.stringify([mode, carriage, bindsQuery, origin, hosts]);
  };
  return relevant(a.stream) === relevant(b.stream);
}

function pairs<T>(items: T[]): [T, T][] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second): [T, T] => [first, second]));
}
