/**
 * What the engine itself calls, by what it is good for. Which actions know which resources: Service Authorization
 * Reference, "Actions, resources, and condition keys for AWS CloudFormation", "… Amazon S3", "… IAM", "… CloudFront".
 */
import { EDGE, type Grant, itemsBut, regionsOf, type Scope } from './grant.ts';

type Row = (scope: Scope) => Omit<Grant, 'sid'>;

const stacks = (scope: Scope): string[] =>
  regionsOf(scope).map(
    (region) => `arn:aws:cloudformation:${region}:${scope.account}:stack/${scope.project}-${scope.environment}-*/*`,
  );

/** Change sets are also named by their own ARN, and ours begin with `edgepass-`. */
const changeSets = (scope: Scope): string[] => [
  ...stacks(scope),
  ...regionsOf(scope).map((region) => `arn:aws:cloudformation:${region}:${scope.account}:changeSet/edgepass-*/*`),
];

const buckets = (scope: Scope): string[] =>
  regionsOf(scope).map((region) => `arn:aws:s3:::edgepass-artifacts-${scope.account}-${region}`);

const objects = (scope: Scope, ...keys: string[]): string[] =>
  buckets(scope).flatMap((bucket) => keys.map((key) => `${bucket}/${key}`));

const own = ({ project, environment }: Scope, folder: string): string => `${folder}/${project}/${environment}`;

/** ARNs in the environment's Region, of what is named `<project>-<environment>-<name>`. */
const inHome = ({ account, region, project, environment }: Scope, service: string, path: string): string =>
  `arn:aws:${service}:${region}:${account}:${path.replace('$', `${project}-${environment}`)}`;

const OPEN = ['*'];

/** Of the revocation table, all but what the workflow of the keys keeps in it: "void before" and the mode. */
const ROWS_OF_SESSIONS = itemsBut('control');

/** Each entry becomes one statement of its name. */
const ROWS = {
  Identity: () => ({
    kind: 'read',
    actions: ['sts:GetCallerIdentity'],
    resources: OPEN,
    because: 'Says which account the credentials are of; AWS allows it to everybody, and it knows no resource.',
  }),
  ReadStacks: (scope) => ({
    kind: 'read',
    actions: [
      'cloudformation:DescribeStacks',
      'cloudformation:DescribeStackEvents',
      'cloudformation:DescribeEvents',
      'cloudformation:DescribeChangeSet',
      'cloudformation:GetTemplate',
      'cloudformation:ListChangeSets',
    ],
    resources: changeSets(scope),
    because: 'What is deployed now, and what AWS makes of a change.',
  }),
  ReadOutputs: (scope) => ({
    kind: 'read',
    actions: ['cloudformation:DescribeStacks'],
    resources: [inHome(scope, 'cloudformation', 'stack/$-*/*')],
    because: 'Where the workflow of the keys and the revocation table are.',
  }),
  ProposeChanges: (scope) => ({
    kind: 'propose',
    actions: ['cloudformation:CreateChangeSet', 'cloudformation:DeleteChangeSet'],
    resources: changeSets(scope),
    because: 'A change set says what AWS would do, and does nothing.',
  }),
  ExecuteChanges: (scope) => ({
    kind: 'write',
    actions: ['cloudformation:ExecuteChangeSet'],
    resources: changeSets(scope),
    because: 'Deploys a change set.',
  }),
  FindKeptSecrets: (scope) => ({
    kind: 'read',
    actions: ['secretsmanager:DescribeSecret'],
    resources: regionsOf(scope).map(
      (region) =>
        `arn:aws:secretsmanager:${region}:${scope.account}:secret:edgepass/${scope.project}/${scope.environment}/*`,
    ),
    because: 'Whether a secret that a new stack would make was kept by an earlier one; no value is read.',
  }),
  FindKeptTables: (scope) => ({
    kind: 'read',
    actions: ['dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'],
    resources: regionsOf(scope).map(
      (region) => `arn:aws:dynamodb:${region}:${scope.account}:table/${scope.project}-${scope.environment}-*`,
    ),
    because: 'Whether a table that a new stack would make was kept by an earlier one; no item is read.',
  }),
  DetectDrift: (scope) => ({
    kind: 'read',
    actions: ['cloudformation:DetectStackDrift', 'cloudformation:DescribeStackResourceDrifts'],
    resources: stacks(scope),
    because: 'Compares live resources with their template.',
  }),
  DriftProgress: () => ({
    kind: 'read',
    actions: ['cloudformation:DescribeStackDriftDetectionStatus'],
    resources: OPEN,
    because: 'A drift detection is named by an id only; the action knows no resource.',
  }),
  DeleteStacks: (scope) => ({
    kind: 'write',
    actions: ['cloudformation:DeleteStack'],
    resources: stacks(scope),
    because: 'Deletes the stacks of the environment.',
  }),
  ReadArtifacts: (scope) => ({
    kind: 'read',
    actions: ['s3:GetObject'],
    resources: objects(
      scope,
      'functions/*',
      'templates/*',
      ...['manifests', 'deployments', 'plans'].map((folder) => `${own(scope, folder)}/*`),
      `${own(scope, 'locks')}.json`,
    ),
    because:
      'Code, templates, and what was deployed when; CloudFormation and Lambda read them in the name of the caller.',
  }),
  ListArtifacts: (scope) => ({
    kind: 'read',
    actions: ['s3:ListBucket'],
    resources: buckets(scope),
    because: 'Without it AWS does not tell a missing object from a forbidden one.',
  }),
  WriteTemplates: (scope) => ({
    kind: 'write',
    actions: ['s3:PutObject'],
    resources: objects(scope, 'templates/*'),
    because: 'CloudFormation takes templates above 51,200 bytes only from a bucket.',
  }),
  WriteArtifacts: (scope) => ({
    kind: 'write',
    actions: ['s3:PutObject'],
    resources: objects(scope, 'functions/*', 'templates/*', `${own(scope, 'manifests')}/*`),
    because: 'Code, templates and manifests, named by their digest.',
  }),
  WriteRecords: (scope) => ({
    kind: 'write',
    actions: ['s3:PutObject'],
    resources: objects(scope, `${own(scope, 'deployments')}/*`, `${own(scope, 'plans')}/*`),
    because: 'Who deployed what, and the plan that was reviewed.',
  }),
  Lock: (scope) => ({
    kind: 'write',
    actions: ['s3:PutObject', 's3:DeleteObject'],
    resources: objects(scope, `${own(scope, 'locks')}.json`),
    because: 'Two deployments of one environment exclude each other.',
  }),
  ReadTrust: ({ account, project, environment }) => ({
    kind: 'read',
    actions: ['iam:GetRole', 'iam:SimulatePrincipalPolicy', 'iam:GetOpenIDConnectProvider'],
    resources: [
      `arn:aws:iam::${account}:role/edgepass/edgepass-${project}-${environment}-*`,
      `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    ],
    because: 'Whom the roles of the pipeline trust, and what they may do.',
  }),
  ReadBootstrap: ({ account, project }) => ({
    kind: 'read',
    actions: ['cloudformation:DescribeStacks'],
    resources: [`arn:aws:cloudformation:${EDGE}:${account}:stack/edgepass-bootstrap-${project}/*`],
    because: 'What bootstrap was told of the repository.',
  }),
  ListTrust: () => ({
    kind: 'read',
    actions: ['iam:ListOpenIDConnectProviders'],
    resources: OPEN,
    because: 'Whether there is a provider for GitHub; the action knows no resource.',
  }),
  ReadQuotas: () => ({
    kind: 'read',
    actions: [
      'servicequotas:ListServiceQuotas',
      'cloudfront:ListDistributions',
      'cloudfront:ListFunctions',
      'cloudfront:ListKeyValueStores',
    ],
    resources: OPEN,
    because: 'How much of the limits of the account is used; lists know no resource.',
  }),
  Attach: ({ account, project, environment }) => ({
    kind: 'write',
    actions: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig', 'cloudfront:UpdateDistribution'],
    resources: [
      `arn:aws:cloudfront::${account}:distribution/*`,
      `arn:aws:cloudfront::${account}:function/${project}-${environment}-*`,
      ...['cache-policy', 'origin-request-policy'].map((kind) => `arn:aws:cloudfront::${account}:${kind}/*`),
    ],
    because: 'Puts the token check on the behaviours of a distribution that edgepass did not make.',
  }),
  AttachWebAcl: ({ account }) => ({
    kind: 'write',
    actions: ['wafv2:GetWebACL'],
    resources: [`arn:aws:wafv2:${EDGE}:${account}:global/webacl/*`],
    because: 'CloudFront asks for it whenever a distribution with a web ACL is updated.',
  }),
  RunKeys: (scope) => ({
    kind: 'write',
    actions: ['states:StartExecution'],
    resources: [inHome(scope, 'states', 'stateMachine:$-keys')],
    because:
      'Starts the workflow of the keys; whoever may do that can rotate and kill keys, void tokens and set a mode.',
  }),
  FollowKeys: (scope) => ({
    kind: 'read',
    actions: ['states:DescribeExecution'],
    resources: [inHome(scope, 'states', 'execution:$-keys:*')],
    because: 'How the workflow of the keys ended.',
  }),
  Revoke: (scope) => ({
    kind: 'write',
    actions: ['dynamodb:BatchWriteItem'],
    resources: [inHome(scope, 'dynamodb', 'table/$-revocations')],
    condition: ROWS_OF_SESSIONS,
    because: 'Writes rows of revoked sessions.',
  }),
  Unrevoke: (scope) => ({
    kind: 'write',
    actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
    resources: [inHome(scope, 'dynamodb', 'table/$-revocations')],
    condition: ROWS_OF_SESSIONS,
    because: 'Marks rows of revoked sessions as lifted.',
  }),
  ReadSession: (scope) => ({
    // Ids of sessions are content.
    kind: 'write',
    actions: ['dynamodb:GetItem'],
    resources: [inHome(scope, 'dynamodb', 'table/$-revocations')],
    condition: ROWS_OF_SESSIONS,
    because: 'Reads the row of a session.',
  }),
  ListSessions: (scope) => ({
    kind: 'write',
    actions: ['dynamodb:Query'],
    resources: [inHome(scope, 'dynamodb', 'table/$-revocations/index/byCreated')],
    because: 'Lists revoked sessions, newest first.',
  }),
} satisfies Record<string, Row>;

export type Capability = keyof typeof ROWS;

export function engineGrants(capabilities: readonly Capability[], scope: Scope): Grant[] {
  return capabilities.map((name) => ({ sid: name, ...(ROWS[name] as Row)(scope) }));
}
