/** The token check at the edge, its keys and revocations, and the distribution in front of the origins. */
import { defineModule, type Json } from '../../generator/modules/contract.ts';
import { edgeSettings } from '../../runtime/base/edge-settings.ts';
import { adoptions } from './adoptions.ts';
import { keys, revocations } from './functions.ts';
import { permissions } from './permissions.ts';
import { rules } from './rules.ts';
import type { BaseSettings } from './settings.ts';
import { view } from './view.ts';

export default defineModule<BaseSettings>({
  title: 'Base',
  summary: 'Token check at the edge, its keys and revocations, and the distribution in front of the origins.',
  always: true,
  requires: [],
  stacks: {
    edge: {
      template: 'edge.yaml.hbs',
      placement: 'edge',
      description: 'edgepass: token check, distribution, policies and alarms at the edge',
    },
    home: {
      template: 'home.yaml.hbs',
      placement: 'home',
      description: 'edgepass: keys and revocations, what keeps them, alarms and dashboard',
    },
  },
  functions: {
    validator: {
      kind: 'edge-function',
      entry: 'validator.ts',
      configure: ({ edge }, environment) => {
        const { flags, settings } = edgeSettings(environment, edge);
        return { flags: { ...flags }, settings: settings as unknown as Json };
      },
    },
    keys,
    revocations,
  },
  outputs: {
    keyValueStoreArn: { stack: 'edge', description: 'KeyValueStore with the live keys and the revoked sessions' },
    functionArn: { stack: 'edge', description: 'Function for the viewer-request event of every behaviour' },
    cachePolicyId: { stack: 'edge', description: 'Cache policy for every behaviour' },
    originRequestPolicyId: {
      stack: 'edge',
      description: 'Origin request policy for every behaviour; location headers come with it (none: not needed)',
    },
    responseHeadersPolicyId: { stack: 'edge', description: 'Response headers policy for shared answers (or none)' },
    privateResponseHeadersPolicyId: {
      stack: 'edge',
      description: 'Response headers policy for behaviours whose token is in a cookie or header (or none)',
    },
    behaviors: {
      stack: 'edge',
      description: 'JSON: path patterns in order, with origin, and whether answers are private',
    },
    distributionId: { stack: 'edge', description: 'The first distribution, or the one attached to' },
    domainName: {
      stack: 'edge',
      description: 'Name under which CloudFront itself serves the first distribution (or none)',
    },
    distributions: { stack: 'edge', description: 'JSON: id, domain name and hosts of each distribution created here' },
    originAccess: {
      stack: 'edge',
      description: 'JSON: by origin, its access control and the policy statement to put on the bucket or endpoint',
    },
    originVerification: {
      stack: 'edge',
      description: 'JSON: by origin, the header it must check and the secret that holds the value',
    },
    webAclArn: { stack: 'edge', description: 'Web ACL of the distribution (or none)' },
    ruleGroupArn: { stack: 'edge', description: 'Rule group that refuses revoked sessions (or none)' },
    alarmTopicArn: { stack: 'edge', description: 'Topic that alarms on the token check are sent to' },
    keyRecordArn: { stack: 'home', description: 'Secret with all keys, for the rotation only' },
    issuerRecordArn: { stack: 'home', description: 'Secret with the key that signs now, for issuers' },
    issuerPolicyArn: { stack: 'home', description: 'Policy that lets an issuer read the issuer record' },
    keysMachineArn: { stack: 'home', description: 'Workflow of the keys, which the commands about keys start' },
    revocationTable: { stack: 'home', description: 'Name of the table of revoked sessions' },
    revocationTableArn: { stack: 'home', description: 'ARN of the table of revoked sessions' },
    longestLifetime: { stack: 'home', description: 'Longest lifetime of a token that a stream allows, seconds' },
    deadLettersUrl: { stack: 'home', description: 'Queue of what the worker of revocations put aside' },
    homeAlarmTopicArn: { stack: 'home', description: 'Topic that alarms on keys and revocations are sent to' },
    dashboardName: { stack: 'home', description: 'CloudWatch dashboard of the environment' },
  },
  imports: [
    { stack: 'home', output: 'base.keyValueStoreArn' },
    { stack: 'home', output: 'base.ruleGroupArn' },
    { stack: 'home', output: 'base.distributionId' },
  ],
  view,
  rules,
  runtimeOwned: [
    {
      stack: 'edge',
      resource: 'RevocationRules',
      property: 'Properties.Rules',
      because: 'The revocation worker writes the rules from the revocation table.',
    },
    {
      stack: 'home',
      resource: 'KeyRecord',
      property: 'Properties.SecretString',
      because: 'The rotation makes, retires and removes keys.',
    },
    {
      stack: 'home',
      resource: 'IssuerRecord',
      property: 'Properties.SecretString',
      because: 'The rotation says which key signs now.',
    },
  ],
  // The KeyValueStore is not here: its content is rebuilt from the key record and the revocation table.
  stateful: [
    { stack: 'home', resource: 'KeyRecord', because: 'It is the only durable place of the keys.' },
    { stack: 'home', resource: 'IssuerRecord', because: 'Issuers read it by this ARN and would stop minting.' },
    { stack: 'home', resource: 'RevocationTable', because: 'It is the only durable place of the revocations.' },
  ],
  permissions,
  adopts: { 'secure-media-delivery': adoptions },
});
