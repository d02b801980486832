/**
 * What is next to the rights of each role, and must not be among them. That the rights themselves are right is the business of
 * `test/contract/roles.test.ts`; here each refusal stands beside what is allowed, so that it is not refused by accident.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_ID } from '../../../runtime/aws/control-item.ts';
import {
  allowedOf,
  arnOf as arnOfOne,
  type Case,
  describeRoles,
  type RoleCases,
  resourceOf,
} from '../../helpers/iam/allowed-of.ts';
import { ACCOUNT, type DeployedResource, deployed } from '../../helpers/iam/deployed.ts';
import { policiesOf } from '../../helpers/iam/identities.ts';
import { decide, type IamRequest } from '../../helpers/iam/simulate.ts';
import { renderConfig } from '../rendering.ts';

/** With AWS WAF, and without. */
let staging: DeployedResource[];
let dev: DeployedResource[];

beforeAll(async () => {
  const { stacks } = await renderConfig('config.yaml');
  staging = deployed(stacks.staging ?? []);
  dev = deployed(stacks.dev ?? []);
});

const keyed = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
const staged = (stage: string) => ({ 'secretsmanager:VersionStage': stage });
const otherId = (arn: string): string => arn.replace(/.{4}$/, '0000');
const otherEnvironment = (arn: string): string => arn.replaceAll('staging', 'prod');

const one = (id: string): DeployedResource => resourceOf(staging, id);
const arnOf = (id: string): string => arnOfOne(staging, id);
const allowed = (role: string, cases: readonly Case[], resources = staging) => allowedOf(resources, { role, cases });

const secret = (id: string) => () => arnOf(id);
const keyRecord = secret('KeyRecord');
const issuerRecord = secret('IssuerRecord');
const store = () => arnOf('KeyValueStore');
const table = () => arnOf('RevocationTable');
const stream = () => one('RevocationTable').attributes.StreamArn ?? '';
const log = (id: string) => () =>
  `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${one(id).ref}:log-stream:2026/11/24/[$LATEST]0`;
const session = 'session-00000000000001';

const ROLES: RoleCases[] = [
  {
    id: 'KeysRole',
    may: [
      ['secretsmanager:GetSecretValue', keyRecord, staged('AWSCURRENT')],
      ['dynamodb:GetItem', table, keyed(CONTROL_ID)],
      ['dynamodb:UpdateItem', table, keyed(CONTROL_ID)],
      ['cloudfront-keyvaluestore:UpdateKeys', store],
      ['logs:PutLogEvents', log('KeysLog')],
    ],
    mayNot: [
      // What the records were before, and labels of others.
      ['secretsmanager:GetSecretValue', keyRecord, staged('AWSPREVIOUS')],
      ['secretsmanager:GetSecretValue', keyRecord, staged('edgepass-next')],
      ['secretsmanager:GetSecretValue', keyRecord, { 'secretsmanager:VersionId': 'a'.repeat(32) }],
      ['secretsmanager:UpdateSecretVersionStage', keyRecord, staged('AWSPREVIOUS')],
      // Other secrets.
      ['secretsmanager:GetSecretValue', () => otherEnvironment(keyRecord()), staged('AWSCURRENT')],
      ['secretsmanager:PutSecretValue', () => otherEnvironment(issuerRecord())],
      ['secretsmanager:GetSecretValue', secret('OriginVerifyPackager'), staged('AWSCURRENT')],
      ['secretsmanager:PutSecretValue', secret('OriginVerifyPackager')],
      // More than the value.
      ...['DeleteSecret', 'DescribeSecret', 'PutResourcePolicy', 'RotateSecret', 'UpdateSecret'].map(
        (name): Case => [`secretsmanager:${name}`, keyRecord],
      ),
      // Items of sessions, other tables, and the table itself.
      ['dynamodb:GetItem', table, keyed(session)],
      ['dynamodb:UpdateItem', table, keyed(session)],
      ['dynamodb:GetItem', table, keyed(CONTROL_ID, session)],
      ['dynamodb:GetItem', table],
      ['dynamodb:UpdateItem', table],
      ['dynamodb:GetItem', () => otherEnvironment(table()), keyed(CONTROL_ID)],
      ...['BatchGetItem', 'DeleteItem', 'PutItem', 'Query'].map(
        (name): Case => [`dynamodb:${name}`, table, keyed(CONTROL_ID)],
      ),
      ...['DeleteTable', 'DescribeTable', 'Scan', 'UpdateTable'].map((name): Case => [`dynamodb:${name}`, table]),
      // Another store, and what is done with keys one by one.
      ['cloudfront-keyvaluestore:UpdateKeys', () => otherId(store())],
      ...['DeleteKey', 'ListKeys', 'PutKey'].map((name): Case => [`cloudfront-keyvaluestore:${name}`, store]),
      // What others do.
      ['dynamodb:GetRecords', stream],
      ['lambda:InvokeFunction', secret('RevocationsFunction')],
      ['logs:PutLogEvents', log('RevocationsLog')],
      ['sqs:SendMessage', secret('DeadLetters')],
      ['states:StartExecution', secret('KeysMachine')],
      ['wafv2:UpdateRuleGroup', secret('RevocationRules')],
    ],
  },
  {
    id: 'RevocationsRole',
    may: [
      ['dynamodb:BatchGetItem', table, keyed(session)],
      ['dynamodb:DeleteItem', table, keyed(session)],
      ['dynamodb:Query', () => `${table()}/index/byExpiry`],
      ['cloudfront-keyvaluestore:GetKey', store],
      ['sqs:SendMessage', secret('DeadLetters')],
      ['wafv2:UpdateRuleGroup', secret('RevocationRules')],
    ],
    mayNot: [
      // Keys.
      ['secretsmanager:GetSecretValue', keyRecord, staged('AWSCURRENT')],
      ['secretsmanager:GetSecretValue', issuerRecord, staged('AWSCURRENT')],
      ['lambda:InvokeFunction', secret('KeysFunction')],
      ['states:StartExecution', secret('KeysMachine')],
      // What an operator asked of the whole deployment.
      ['dynamodb:DeleteItem', table, keyed(CONTROL_ID)],
      ['dynamodb:DeleteItem', table, keyed(session, CONTROL_ID)],
      ['dynamodb:DeleteItem', table],
      // Revoking and lifting, other indexes and tables, and the table itself.
      ...['BatchWriteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
        (name): Case => [`dynamodb:${name}`, table, keyed(session)],
      ),
      ['dynamodb:Query', () => `${table()}/index/byCreated`],
      ['dynamodb:Scan', () => otherEnvironment(table())],
      ['dynamodb:GetRecords', () => otherEnvironment(stream())],
      ['dynamodb:DeleteTable', table],
      // Another store, and what is done with keys one by one.
      ['cloudfront-keyvaluestore:UpdateKeys', () => otherId(store())],
      ...['DeleteKey', 'PutKey'].map((name): Case => [`cloudfront-keyvaluestore:${name}`, store]),
      // Another rule group, the group itself, and the web ACL it is in.
      ['wafv2:UpdateRuleGroup', () => otherId(arnOf('RevocationRules'))],
      ['wafv2:DeleteRuleGroup', secret('RevocationRules')],
      ['wafv2:GetWebACL', secret('WebAcl')],
      ['wafv2:UpdateWebACL', secret('WebAcl')],
      // What lies in the queue.
      ...['DeleteQueue', 'PurgeQueue', 'ReceiveMessage'].map((name): Case => [`sqs:${name}`, secret('DeadLetters')]),
      ['logs:PutLogEvents', log('KeysLog')],
    ],
  },
  {
    id: 'KeysMachineRole',
    may: [['lambda:InvokeFunction', secret('KeysFunction')]],
    mayNot: [
      ['lambda:InvokeFunction', secret('RevocationsFunction')],
      ['lambda:GetFunction', secret('KeysFunction')],
      ['lambda:UpdateFunctionCode', secret('KeysFunction')],
      ['states:StartExecution', secret('KeysMachine')],
      ['secretsmanager:GetSecretValue', keyRecord, staged('AWSCURRENT')],
    ],
  },
  {
    id: 'ScheduleRole',
    may: [
      ['states:StartExecution', secret('KeysMachine')],
      ['lambda:InvokeFunction', secret('RevocationsFunction')],
    ],
    mayNot: [
      ['lambda:InvokeFunction', secret('KeysFunction')],
      ['states:StartExecution', () => otherEnvironment(arnOf('KeysMachine'))],
      ['states:UpdateStateMachine', secret('KeysMachine')],
      ['states:DeleteStateMachine', secret('KeysMachine')],
    ],
  },
  {
    id: 'IssuerPolicy',
    may: [
      ['secretsmanager:GetSecretValue', issuerRecord, staged('AWSCURRENT')],
      ['secretsmanager:GetSecretValue', issuerRecord],
    ],
    mayNot: [
      // Keys that sign no more and that the edge still takes.
      ['secretsmanager:GetSecretValue', issuerRecord, staged('AWSPREVIOUS')],
      ['secretsmanager:GetSecretValue', issuerRecord, { 'secretsmanager:VersionId': 'a'.repeat(32) }],
      ['secretsmanager:GetSecretValue', keyRecord, staged('AWSCURRENT')],
      ['secretsmanager:GetSecretValue', () => otherEnvironment(issuerRecord()), staged('AWSCURRENT')],
      ['secretsmanager:PutSecretValue', issuerRecord],
      ['secretsmanager:UpdateSecretVersionStage', issuerRecord, staged('AWSCURRENT')],
      ['secretsmanager:DescribeSecret', issuerRecord],
      ['cloudfront-keyvaluestore:GetKey', store],
      ['dynamodb:PutItem', table, keyed(session)],
    ],
  },
];

describeRoles(ROLES, () => staging);

it('every role and policy is looked at', () => {
  const ids = policiesOf(staging).identities.map(({ resource }) => resource.id);
  expect(ids.sort()).toEqual(ROLES.map(({ id }) => id).sort());
});

it('nobody touches AWS WAF where it is off', async () => {
  const { identities } = policiesOf(dev);
  expect(JSON.stringify(identities.map(({ policies }) => policies))).not.toContain('wafv2');
  expect(await allowed('RevocationsRole', [['wafv2:UpdateRuleGroup', secret('RevocationRules')]], dev)).toEqual([]);
});

describe('topics of alarms', () => {
  const publish = async (principal: string, context: NonNullable<IamRequest['context']>): Promise<string[]> => {
    const found: string[] = [];
    for (const { on, policy } of policiesOf(staging).resourcePolicies.filter(({ on }) => on.includes(':sns:')))
      found.push(
        await decide(
          { action: 'sns:Publish', resource: on, context },
          { principal, policies: [], resourcePolicy: policy },
        ),
      );
    return found;
  };
  const from = (account: string, source: string) => ({
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': account,
    'aws:SourceArn': source,
  });
  const alarm = (account: string) => `arn:aws:cloudwatch:eu-west-1:${account}:alarm:any`;

  it('take what alarms of this account and Region say, and nothing else', async () => {
    const stranger = '999999999999';
    expect(await publish('cloudwatch.amazonaws.com', from(ACCOUNT, alarm(ACCOUNT)))).toEqual([
      // The topic of the edge is in another Region.
      'ImplicitlyDenied',
      'Allowed',
    ]);
    for (const [principal, context] of [
      ['cloudwatch.amazonaws.com', from(stranger, alarm(stranger))],
      ['cloudwatch.amazonaws.com', from(ACCOUNT, `arn:aws:events:eu-west-1:${ACCOUNT}:rule/any`)],
      ['cloudwatch.amazonaws.com', { 'aws:SecureTransport': 'true' }],
      ['events.amazonaws.com', from(ACCOUNT, alarm(ACCOUNT))],
      [`arn:aws:iam::${stranger}:role/any`, from(ACCOUNT, alarm(ACCOUNT))],
    ] as const)
      expect(await publish(principal, context)).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
  });
});
