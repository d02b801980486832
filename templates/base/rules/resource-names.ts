/** Names of resources and headers that AWS would refuse. */
import type { Finding } from '../../../generator/modules/contract.ts';
import { distributionsOf } from '../distributions.ts';
import { MAX_NAME, resourceNames } from '../names.ts';
import { verifiedOrigins } from '../origins.ts';
import { type Rule, when } from '../rule.ts';

/** Names with paths in front (log group, secrets) may be far longer. */
export const namesFit: Rule = (settings, environment) => {
  const long = Object.values(resourceNames(environment, settings)).filter(
    (name) => !name.includes('/') && name.length > MAX_NAME,
  );
  return when(long.length > 0, {
    severity: 'error',
    rule: 'name-too-long',
    path: '/project',
    message: `\`${long[0]}\` has more than ${MAX_NAME} characters, the longest name that CloudFront takes.`,
    hint: 'Shorten the project or the environment name.',
  });
};

/** `a-1` and `a1` would be the same resource in a template. */
export const namesDiffer: Rule = (settings, environment) => {
  const ids = [
    ...distributionsOf(environment, settings).map(({ id }) => id),
    ...verifiedOrigins(environment).map(({ secret }) => secret),
  ];
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map((id): Finding => {
    const section = id.startsWith('Origin') ? 'origins' : 'domains';
    return {
      severity: 'error',
      rule: 'names-alike',
      path: `/${section}`,
      message: `Two names under \`${section}\` differ only in a dash or its place, so both would be resource \`${id}\`.`,
      hint: 'Rename one of them.',
    };
  });
};

/** CloudFront Developer Guide, "Custom headers that CloudFront can't add to origin requests". */
const RESERVED = /^x-(amz-.*|edge-.*|real-ip)$/;

/** Some names of headers are CloudFront's own. */
export const headersAreFree: Rule = (_settings, environment) =>
  verifiedOrigins(environment).flatMap(({ name, header }) =>
    when(RESERVED.test(header), {
      severity: 'error',
      rule: 'verify-header-reserved',
      path: `/origins/${name}/verifyHeader`,
      message: `CloudFront does not let a distribution set the header \`${header}\`.`,
      hint: 'Choose another name, for example `x-origin-verify`.',
    }),
  );

export const NAME_RULES: readonly Rule[] = [namesFit, namesDiffer, headersAreFree];
