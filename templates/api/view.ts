/** All that the template of this module sees. */
import { type Environment, type Json, seconds } from '../../generator/modules/contract.ts';
import { OPERATIONS, type Operation } from '../../runtime/api/operations.ts';
import { alarms } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { ANSWERING, SEEDING } from './functions.ts';
import { METRICS, resourceNames, serviceOf } from './names.ts';
import type { ApiModuleSettings } from './settings.ts';

/** Managed policies. Ids: CloudFront Developer Guide, "Use managed cache policies" and "… origin request policies". */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
/** All that the viewer sent but `Host`, which a function URL must have its own of, and every CloudFront header of the viewer. */
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

export function view(settings: ApiModuleSettings, environment: Environment): Record<string, Json> {
  const withViewers = settings.auth.type === 'oidc';
  return {
    names: { ...resourceNames(environment) },
    comment: `edgepass ${environment.project} ${environment.name}: token API for viewers`,
    audience: `${environment.project}/${environment.name}`,
    auth: JSON.stringify(authOf(settings)),
    functions: { answering: ANSWERING, seeding: SEEDING },
    logRetention: settings.logRetention,
    metrics: { namespace: METRICS, service: serviceOf(environment) },
    trust: TRUST,
    routes: routes(settings),
    throttling: { rate: settings.throttling.rate, burst: settings.throttling.burst },
    concurrency: settings.concurrency ?? null,
    iam: !withViewers,
    viewers: withViewers ? viewers(settings) : null,
    seed: { settings: JSON.stringify(apiSettings(settings, environment)), assets: JSON.stringify(environment.assets) },
    alarms: alarms(environment, withViewers),
    dashboard: dashboard(environment, withViewers),
    outputs: {
      viewersUrl: withViewers ? viewersUrl(settings) : NONE,
      servicesPolicyArn: withViewers ? NONE : { Ref: 'ServicesPolicy' },
    },
  };
}

function viewersUrl({ domain }: ApiModuleSettings): Json {
  return domain === undefined ? { 'Fn::Sub': 'https://${Distribution.DomainName}/api' } : `https://${domain.host}/api`;
}

/** Outputs are the same in every configuration; what a configuration has not is said in a word. */
const NONE = 'none';

const TRUST: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

function authOf({ auth }: ApiModuleSettings): Json {
  const { type, issuer = '', audience = '', tokenType, scopes } = auth;
  return type === 'iam' ? { type } : { type, issuer, audience, tokenType, scopes };
}

/**
 * A route for each operation, so that API Gateway counts them apart, and one for the rest, so that there too the answer is a
 * problem. Who may not call does not get past API Gateway with `iam`; access tokens are checked by the function. A preflight
 * carries no signature and is answered without one.
 */
function routes({ auth }: ApiModuleSettings): Json[] {
  const type = auth.type === 'iam' ? 'AWS_IAM' : 'NONE';
  const keys = (OPERATIONS as readonly Operation[]).map(({ id, method, path }) => ({
    id: `${id.charAt(0).toUpperCase()}${id.slice(1)}Route`,
    key: `${method} ${path}`,
    type,
  }));
  return [
    ...keys,
    { id: 'OtherRoute', key: '$default', type },
    { id: 'PreflightRoute', key: 'OPTIONS /{path+}', type: 'NONE' },
  ];
}

function viewers({ domain }: ApiModuleSettings): Json {
  return {
    aliases: domain === undefined ? null : [domain.host],
    certificate: domain?.certificate ?? null,
    cachePolicy: CACHING_DISABLED,
    originRequestPolicy: ALL_VIEWER_EXCEPT_HOST,
  };
}

/** `ApiSettings` of the runtime, but for what only a deployment knows: the longest lifetime, and names of the distribution. */
function apiSettings({ maxSessionAge, throttling }: ApiModuleSettings, environment: Environment): Json {
  const { project, name, policies, streams, domains, cors } = environment;
  const hosts = Object.entries(domains).map(([id, { host }]): [string, Json] => [id, { host }]);
  const plain = { policies, streams, cors } as unknown as { [name: string]: Json };
  return {
    audience: `${project}/${name}`,
    ...plain,
    domains: Object.fromEntries(hosts),
    maxSessionAge: seconds(maxSessionAge),
    viewerRate: throttling.viewer,
  };
}
