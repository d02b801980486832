/** All that the templates of this module see. */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { originAccess, originVerification, subJson } from './access.ts';
import { alarms } from './alarms.ts';
import { behaviorProperties } from './behaviors.ts';
import { type Distribution, distributionsOf } from './distributions.ts';
import { homeView } from './home.ts';
import { resourceNames, verifySecretName } from './names.ts';
import { originsOfType, originViews, verifiedOrigins } from './origins.ts';
import { patternsOf } from './patterns.ts';
import { PLANS } from './plans.ts';
import { ownPolicies, policyIds } from './policies.ts';
import type { BaseSettings } from './settings.ts';

/** Outputs are the same in every configuration; what a configuration has not is said in a word. */
const NONE = 'none';

const PRICE_CLASSES = { '100': 'PriceClass_100', '200': 'PriceClass_200', all: 'PriceClass_All' };

export function view(settings: BaseSettings, environment: Environment): Record<string, Json> {
  const names = resourceNames(environment, settings);
  const distributions = distributionsOf(environment, settings);
  return {
    names: { ...names },
    comment: `edgepass ${environment.project} ${environment.name}`,
    logRetention: settings.edge.logRetention,
    policies: ownPolicies(environment, settings),
    s3: originsOfType(environment, 's3').length > 0,
    mediaPackage: originsOfType(environment, 'mediapackage').length > 0,
    originSecrets: verifiedOrigins(environment).map(({ name, secret }) => ({
      id: secret,
      name: verifySecretName(environment, name),
      description: `Value of the header by which origin ${name} knows its distribution`,
    })),
    distributions: distributions.map((item) => distributionView(environment, { settings, item })),
    ruleGroup: ruleGroup(settings),
    webAcl: webAcl(settings, distributions),
    alarms: alarms(environment, settings),
    outputs: outputs(environment, { settings, distributions }),
    ...homeView(settings, environment),
  };
}

function distributionView(
  environment: Environment,
  { settings, item }: { settings: BaseSettings; item: Distribution },
): Json {
  const behaviors = behaviorProperties(environment, { settings, distribution: item });
  const { priceClass, ipv6 } = settings.distribution;
  return {
    id: item.id,
    hosts: item.hosts,
    certificate: item.certificate ?? null,
    priceClass: PRICE_CLASSES[priceClass],
    ipv6,
    origins: originViews(environment),
    defaultBehavior: behaviors.default,
    behaviors: behaviors.others,
  };
}

function ruleGroup({ revocation: { waf, wafCapacity } }: BaseSettings): Json {
  // Variables of functions are texts.
  return waf ? { capacity: wafCapacity, capacityText: String(wafCapacity) } : null;
}

/** A web ACL where rules of ours go into it, and where the pricing plan demands one on our distribution. */
function webAcl({ revocation, distribution }: BaseSettings, distributions: readonly Distribution[]): Json {
  const demanded = PLANS[distribution.plan].flatRate && distributions.length > 0;
  if (!revocation.waf && !demanded) return null;
  return { attached: distributions.length > 0 };
}

function outputs(
  environment: Environment,
  { settings, distributions }: { settings: BaseSettings; distributions: readonly Distribution[] },
): Json {
  const { attach } = settings.distribution;
  const ids = policyIds(environment, settings);
  const { responseHeaders } = ids;
  const isPublic = (origin: string): Json => ids.cache[environment.origins[origin]?.type ?? 'custom'];
  const behaviors = patternsOf(environment).map(({ pattern, origin, isPrivate }) => {
    return { pattern, origin, private: isPrivate };
  });
  return {
    cachePolicyId: isPublic(Object.keys(environment.origins)[0] ?? ''),
    originRequestPolicyId: ids.originRequest ?? NONE,
    responseHeadersPolicyId: responseHeaders.shared ?? NONE,
    privateResponseHeadersPolicyId: responseHeaders.private ?? NONE,
    behaviors: subJson(behaviors),
    distributionId: attach ?? { Ref: 'Distribution' },
    domainName: attach === undefined ? { 'Fn::GetAtt': ['Distribution', 'DomainName'] } : NONE,
    distributions: subJson(
      distributions.map(({ id, hosts }) => ({ id: `\${${id}}`, domainName: `\${${id}.DomainName}`, hosts })),
    ),
    originAccess: originAccess(environment, settings),
    originVerification: originVerification(environment),
    webAclArn: webAcl(settings, distributions) === null ? NONE : { 'Fn::GetAtt': ['WebAcl', 'Arn'] },
    ruleGroupArn: settings.revocation.waf ? { 'Fn::GetAtt': ['RevocationRules', 'Arn'] } : NONE,
  };
}
