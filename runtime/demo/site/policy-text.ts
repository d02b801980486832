/** A policy in one line. */
import type { PolicyInfo } from './answers.ts';
import { duration } from './lifetime.ts';

export function policyText({ lifetime, session, countries, regions, cities, bind = {} }: PolicyInfo): string {
  const { v4, v6 } = bind.ip ?? {};
  const network = [v4 && `/${v4} of IPv4`, v6 && `/${v6} of IPv6`].filter(Boolean).join(', ');
  const parts = [
    lifetime && `lives ${duration(lifetime)}`,
    session !== undefined &&
      (session ? 'has a session that can be revoked' : 'has no session, so it cannot be revoked'),
    countries && `only in ${countries.join(', ')}`,
    regions && `only in ${regions.join(', ')}`,
    cities && `only in ${cities.join(', ')}`,
    network && `bound to the network (${network})`,
    bind.headers?.length && `bound to ${bind.headers.join(', ')}`,
    bind.query?.length && `bound to the query parameters ${bind.query.join(', ')}`,
  ].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? '' : `A token ${parts.join('; ')}.`;
}
