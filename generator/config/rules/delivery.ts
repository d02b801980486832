/** Origins, delivery domains and cross-origin requests. */
import type { Origin } from '../../modules/contract.ts';
import { at, type Rule, type RuleFinding } from './rule.ts';

/** Forms of the host names that origin access control works with. */
const DOMAIN_FORMS: Partial<Record<Origin['type'], { form: RegExp; example: string }>> = {
  s3: { form: /^[a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/, example: 'my-bucket.s3.eu-west-1.amazonaws.com' },
  mediapackage: {
    form: /\.mediapackagev2\.[a-z0-9-]+\.amazonaws\.com$/,
    example: 'abc123.egress.def456.mediapackagev2.eu-west-1.amazonaws.com',
  },
};

/** Each type of origin has its own form of host name and its own options. */
export const originsAreWhole: Rule = ({ origins }) =>
  Object.entries(origins).flatMap(([name, origin]) => {
    const expected = DOMAIN_FORMS[origin.type];
    const found: RuleFinding[] = [];
    if (expected !== undefined && !expected.form.test(origin.domain))
      found.push(
        error(
          at('origins', name, 'domain'),
          `\`${origin.domain}\` is not the host name of an origin of type \`${origin.type}\`.`,
          `Write it like \`${expected.example}\`.`,
        ),
      );
    if (origin.type !== 'custom')
      for (const option of ['port', 'verifyHeader'] as const)
        if (origin[option] !== undefined)
          found.push(
            error(
              at('origins', name, option),
              `\`${option}\` is for custom origins only.`,
              'Remove it: origin access control protects this origin.',
            ),
          );
    if (origin.type === 'custom' && /(\.s3[.-][a-z0-9.-]*|\.mediapackagev2\..*)amazonaws\.com$/.test(origin.domain))
      found.push({
        code: 'EP1209',
        severity: 'warning',
        path: at('origins', name, 'domain'),
        message: `\`${origin.domain}\` is reached without origin access control, so it has to be open to everybody.`,
        hint: `Set \`type: ${origin.domain.includes('mediapackagev2') ? 'mediapackage' : 's3'}\`.`,
      });
    if (origin.port !== undefined && origin.port < 1024 && origin.port !== 80 && origin.port !== 443)
      found.push(
        error(
          at('origins', name, 'port'),
          `CloudFront cannot connect to port ${origin.port}.`,
          'Allowed: 80, 443 and 1024 to 65535.',
        ),
      );
    return found;
  });

/** Unencrypted origin traffic is pointed out where it matters. */
export const protectedEncrypts: Rule = (environment) =>
  environment.protected
    ? Object.entries(environment.origins)
        .filter(([, origin]) => origin.type === 'custom' && origin.protocol === 'http')
        .map(([name]) => ({
          code: 'EP1209',
          severity: 'warning',
          path: at('origins', name, 'protocol'),
          message: `Content of origin \`${name}\` travels to CloudFront unencrypted, though the environment is protected.`,
          hint: 'Set `protocol: https`.',
        }))
    : [];

/** CloudFront reads certificates of its own account only, and a host name belongs to one distribution. */
export const domainsAreUsable: Rule = ({ account, domains }) => {
  const seen = new Map<string, string>();
  return Object.entries(domains).flatMap(([name, { host, certificate }]) => {
    const found: RuleFinding[] = [];
    const first = seen.get(host);
    if (first !== undefined)
      found.push(
        error(
          at('domains', name, 'host'),
          `\`${host}\` is also the host of domain \`${first}\`.`,
          'Remove one of them.',
        ),
      );
    else seen.set(host, name);
    const owner = certificate.split(':')[4];
    if (owner !== account)
      found.push(
        error(
          at('domains', name, 'certificate'),
          `The certificate is in account ${owner}, the environment in ${account}.`,
          'State a certificate of this account in the environment.',
        ),
      );
    return found;
  });
};

/** Browsers refuse credentials together with the wildcard (Fetch standard, "CORS protocol and credentials"). */
export const corsIsPossible: Rule = ({ cors }) => {
  const wildcard = cors.origins.indexOf('*');
  if (wildcard < 0) return [];
  if (cors.credentials)
    return [
      error(
        at('cors', 'credentials'),
        'Credentials cannot be allowed for every website.',
        'List the websites under `cors.origins`.',
      ),
    ];
  if (cors.origins.length > 1)
    return [
      error(
        at('cors', 'origins', wildcard),
        '`*` stands beside other websites.',
        'Keep `*` alone, or list websites only.',
      ),
    ];
  return [];
};

function error(path: string, message: string, hint: string): RuleFinding {
  return { code: 'EP1206', severity: 'error', path, message, hint };
}
