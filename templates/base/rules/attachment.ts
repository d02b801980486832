/** What an attached distribution has to bring along, since it is not ours. */
import { usedOrigins } from '../origins.ts';
import { AT, listed, type Rule, when } from '../rule.ts';

/** Certificates are the business of the distribution that has them. */
export const domainsAreTheirs: Rule = ({ distribution }, { domains }) =>
  when(distribution.attach !== undefined && Object.keys(domains).length > 0, {
    severity: 'warning',
    rule: 'attached-domains',
    path: '/domains',
    message: `Nothing is done with the certificates under \`domains\`: distribution ${distribution.attach} has its own.`,
    hint: 'Keep the domains only if streams name their hosts, or playback URLs of assets do.',
  });

/** Who issues playback URLs of assets needs a host name to write in them; base alone issues none. */
export const hostsAreKnown: Rule = ({ distribution }, { assets, domains, modules }) => {
  const areOffered = modules.length > 1 && Object.keys(assets).length > 0;
  return when(distribution.attach !== undefined && areOffered && Object.keys(domains).length === 0, {
    severity: 'error',
    rule: 'attached-hosts',
    path: AT.attach,
    message: `Playback URLs of assets need a host name, and those of distribution ${distribution.attach} are not known here.`,
    hint: 'Write one of its host names under `domains`.',
  });
};

/** The function selects the origin by its id. */
export const originIdsMatch: Rule = ({ distribution }, environment) => {
  const origins = usedOrigins(environment);
  const several = Object.keys(environment.origins).length > 1;
  return when(distribution.attach !== undefined && several, {
    severity: 'notice',
    rule: 'attached-origins',
    path: AT.attach,
    message: `The function selects origins by id, so distribution ${distribution.attach} must call its origins ${listed(origins)}.`,
    hint: 'Rename the origins there or here.',
  });
};

export const ATTACH_RULES: readonly Rule[] = [domainsAreTheirs, hostsAreKnown, originIdsMatch];
