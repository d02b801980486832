/** All that the template of this module sees. */
import type { Environment, Json } from '../../generator/modules/contract.ts';
import { siteHeaders } from '../../runtime/demo/site-headers.ts';
import { alarms } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { PLAY, PUBLISH } from './functions.ts';
import { METRICS, serviceOf } from './metrics.ts';
import { resourceNames } from './names.ts';
import type { DemoSettings } from './settings.ts';

const PRICE_CLASSES = { '100': 'PriceClass_100', '200': 'PriceClass_200', all: 'PriceClass_All' };

export function view(
  { priceClass, concurrency, logRetention }: DemoSettings,
  environment: Environment,
): Record<string, Json> {
  const { project, name } = environment;
  return {
    names: { ...resourceNames(environment) },
    // A slash in the name is part of the query there.
    accessCodeName: encodeURIComponent(resourceNames(environment).accessCode),
    trust: TRUST,
    comment: `edgepass demo ${project} ${name}`,
    project,
    environment: name,
    priceClass: PRICE_CLASSES[priceClass],
    concurrency: concurrency ?? null,
    logRetention,
    functions: { play: PLAY, publish: PUBLISH },
    metrics: { namespace: METRICS, service: serviceOf(environment) },
    headers: headers(environment),
    alarms: alarms(environment),
    dashboard: dashboard(environment),
  };
}

/** The page loads media from the delivery domains; without any, from the distribution's own name (`${Media}`). */
function headers({ domains }: Environment): Json {
  const hosts = Object.values(domains).map(({ host }) => host);
  const isKnown = hosts.length > 0;
  const all = siteHeaders(isKnown ? hosts.map((host) => `https://${host}`) : ['https://${Media}']);
  const { 'content-security-policy': policy = '', ...others } = all;
  // CloudFront has members of their own for these; see the template.
  const custom = Object.entries(others).filter(([header]) => !OWN_MEMBER.includes(header));
  return {
    policy,
    isKnown,
    custom: custom.map(([Header, Value]) => ({ Header, Value, Override: true })),
  };
}

const TRUST: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const OWN_MEMBER = ['referrer-policy', 'x-content-type-options', 'x-frame-options'];
