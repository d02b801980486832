/** Settings that lock viewers out, or protect them less than it seems. */
import { AT, type Rule, when } from '../rule.ts';

/** A token bound to one address family cannot be minted for, or used by, a viewer of the other. */
export const bothFamilies: Rule = ({ distribution }, { policies }) =>
  Object.entries(policies).flatMap(([name, { bind }]) => {
    const { v4, v6 } = bind?.ip ?? {};
    const path = `/policies/${name}/bind/ip`;
    return [
      ...when(v4 !== undefined && v6 === undefined && distribution.ipv6, {
        severity: 'warning',
        rule: 'one-address-family',
        path,
        message: `Policy \`${name}\` binds IPv4 networks only: viewers on IPv6 cannot play.`,
        hint: 'Add `v6: 56`, or switch IPv6 off with `modules: {base: {distribution: {ipv6: false}}}`.',
      }),
      ...when(v6 !== undefined && v4 === undefined, {
        severity: 'warning',
        rule: 'one-address-family',
        path,
        message: `Policy \`${name}\` binds IPv6 networks only: viewers on IPv4 cannot play.`,
        hint: 'Add `v4: 24`.',
      }),
    ];
  });

/** Without a certificate CloudFront uses its own, with which the minimum of TLS cannot be set. */
export const ownCertificate: Rule = ({ distribution }, { domains, protected: isProtected }) =>
  when(isProtected && distribution.attach === undefined && Object.keys(domains).length === 0, {
    severity: 'warning',
    rule: 'default-certificate',
    path: '/domains',
    message:
      'Viewers use the cloudfront.net name, which still allows TLS 1.0 and cannot be moved to another distribution.',
    hint: 'Add a delivery domain with a certificate under `domains`.',
  });

/** AWS WAF looks for the session at the start of the path. */
export const wafSeesSessions: Rule = ({ revocation }, { streams }) =>
  Object.entries(streams).flatMap(([name, { carriage }]) =>
    when(revocation.waf && carriage.in !== 'path', {
      severity: 'warning',
      rule: 'waf-needs-path-carriage',
      path: `/streams/${name}/carriage`,
      message: `AWS WAF cannot see the sessions of stream \`${name}\`: its tokens are in a ${carriage.in === 'query' ? 'query parameter' : carriage.in}, not in the path.`,
      hint: 'Use path carriage there, or rely on the edge check, which refuses revoked sessions everywhere.',
    }),
  );

/** A token in the cache key would make every viewer's request a cache miss, and store the token. */
export const tokenOutsideCacheKey: Rule = ({ distribution }, { streams }) =>
  Object.entries(streams).flatMap(([name, { carriage }]) => {
    const index = carriage.in === 'query' ? distribution.cacheQuery.indexOf(carriage.name) : -1;
    return when(index >= 0, {
      severity: 'error',
      rule: 'token-in-cache-key',
      path: `${AT.cacheQuery}/${index}`,
      message: `\`${distribution.cacheQuery[index]}\` carries the token of stream \`${name}\` and cannot be part of the cache key.`,
      hint: 'Take it out of `cacheQuery`.',
    });
  });

export const VIEWER_RULES: readonly Rule[] = [bothFamilies, ownCertificate, wafSeesSessions, tokenOutsideCacheKey];
