/** What operators run against a deployment: each policy allows exactly the calls of its command, and nothing that is next to them. */
import { describe, expect, it } from 'vitest';
import { policyDocument } from '../../../generator/access/grant.ts';
import {
  commandGrants,
  type PermittedCommand,
  type PolicyScope,
  roleGrants,
} from '../../../generator/access/policies.ts';
import { CONTROL_ID } from '../../../runtime/aws/control-item.ts';
import { ACCOUNT, type Deployment, deployment, HOME } from '../../helpers/deployment.ts';
import { requestsOf } from '../../helpers/iam/requests.ts';
import { decide, type IamRequest, type Policy } from '../../helpers/iam/simulate.ts';
import { twoWay } from '../../helpers/iam/two-way.ts';
import { outputTreeOf } from '../../helpers/output-tree.ts';

const scope: PolicyScope = { project: 'acme', environment: 'dev', account: ACCOUNT, region: HOME, modules: [] };
const MACHINE = `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:acme-dev-keys`;
const TABLE = 'acme-dev-revocations';
const TABLE_ARN = `arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/${TABLE}`;
const WHO = `arn:aws:iam::${ACCOUNT}:role/operator`;
const SESSION = 'session-00000000000001';

const policyOf = (command: PermittedCommand): Policy =>
  policyDocument(commandGrants(command, scope)) as unknown as Policy;

const HOME_STACK = `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  KeysMachineArn: {Value: "${MACHINE}"}
  RevocationTable: {Value: ${TABLE}}
  LongestLifetime: {Value: "14400"}
`;

/** A deployment with a workflow and a table. */
async function operated(): Promise<Deployment> {
  const one = await deployment();
  const outputs = { KeysMachineArn: 'Workflow', RevocationTable: 'Table', LongestLifetime: 'Seconds' };
  await one.output(outputTreeOf({ stacks: { 'base.home': { template: HOME_STACK, outputs } } }));
  await one.must(['deploy', '--yes']);
  const now = Math.floor(one.clock.now().getTime() / 1000);
  const key = {
    kid: 'abcd1234',
    state: 'signing',
    created: now,
    published: now,
    signFrom: now,
    signUntil: now + 86_400,
  };
  const answer = { keys: [key], signing: 'abcd1234', due: false, wait: 0, dueFrom: now + 3_600, voidBefore: 0 };
  one.aws.states.create(MACHINE, { run: () => ({ output: answer }), looks: 1 });
  one.aws.tables.create(TABLE, { byCreated: { partition: 'type', sort: 'created' } });
  return one;
}

/** Everything that each command does. */
const RUNS: [PermittedCommand, string[][]][] = [
  [
    'keys',
    [
      ['keys', 'list'],
      ['keys', 'rotate'],
      ['keys', 'rotate', '--now'],
      ['keys', 'kill', 'abcd1234', '--confirm', 'abcd1234'],
    ],
  ],
  ['void', [['void', '--before', '10m ago', '--yes']]],
  [
    'mode',
    [
      ['mode', 'report', '--until', '2h', '--yes'],
      ['mode', 'off'],
    ],
  ],
  ['revoke', [['revoke', SESSION, 'session-00000000000002']]],
  [
    'unrevoke',
    [
      ['revoke', SESSION],
      ['unrevoke', SESSION],
      ['unrevoke', SESSION],
    ],
  ],
  [
    'sessions',
    [
      ['revoke', SESSION],
      ['sessions', 'list'],
      ['sessions', 'list', '--state', 'revoked'],
      ['sessions', 'show', SESSION],
    ],
  ],
];

describe.each(RUNS)('%s', (command, runs) => {
  it('is allowed everything that it asks for, and nothing else', async () => {
    const one = await operated();
    for (const argv of runs) {
      const ran = await one.run(argv);
      // Lifted twice, it says that there was nothing to lift.
      expect([argv, ran.code, ran.stderr]).toEqual([argv, 0, expect.any(String)]);
      // What comes first for others is not theirs.
      if (argv[0] !== command) one.aws.calls.length = 0;
    }
    const uses = one.aws.calls.flatMap((call) =>
      requestsOf(call, HOME).map((request) => ({ ...request, principal: WHO, by: command })),
    );
    const { refused, allowed } = await twoWay({ policies: [policyOf(command)], of: 'principal', uses });
    expect(refused).toEqual([]);
    expect(allowed.filter(({ usedBy }) => usedBy.length === 0).map(({ action }) => action)).toEqual([]);
  });
});

describe('next to it', () => {
  const keyed = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
  const request = (action: string, resource: string, context: IamRequest['context'] = {}): IamRequest => ({
    action,
    resource,
    context,
  });
  const prod = (arn: string): string => arn.replace('acme-dev', 'acme-prod');
  /** What a policy allows of some requests. */
  async function allowed(policy: Policy, requests: readonly IamRequest[]): Promise<IamRequest[]> {
    const found: IamRequest[] = [];
    for (const one of requests)
      if ((await decide(one, { principal: WHO, policies: [policy] })) === 'Allowed') found.push(one);
    return found;
  }
  const write = (...keys: string[]) => request('dynamodb:BatchWriteItem', TABLE_ARN, keyed(...keys));
  const update = (key: string) => request('dynamodb:UpdateItem', TABLE_ARN, keyed(key));

  it.each<[PermittedCommand, IamRequest[]]>([
    [
      'keys',
      [
        request('states:StartExecution', prod(MACHINE)),
        request('states:StopExecution', `${MACHINE.replace('stateMachine', 'execution')}:any`),
        request('states:UpdateStateMachine', MACHINE),
        request('lambda:InvokeFunction', `arn:aws:lambda:${HOME}:${ACCOUNT}:function:acme-dev-base-home-KeysFunction`),
        request(
          'secretsmanager:GetSecretValue',
          `arn:aws:secretsmanager:${HOME}:${ACCOUNT}:secret:edgepass/acme/dev/key-record-AbCdEf`,
        ),
        write(SESSION),
      ],
    ],
    [
      'revoke',
      [
        // "Void before" and the mode are not for everybody who may revoke a session.
        write(CONTROL_ID),
        write(SESSION, CONTROL_ID),
        request('dynamodb:BatchWriteItem', TABLE_ARN),
        request('dynamodb:BatchWriteItem', prod(TABLE_ARN), keyed(SESSION)),
        request('dynamodb:DeleteItem', TABLE_ARN, keyed(SESSION)),
        request('dynamodb:Scan', TABLE_ARN),
        request('states:StartExecution', MACHINE),
      ],
    ],
    [
      'unrevoke',
      [
        update(CONTROL_ID),
        request('dynamodb:UpdateItem', TABLE_ARN),
        write(SESSION),
        request('dynamodb:DeleteItem', TABLE_ARN, keyed(SESSION)),
      ],
    ],
    [
      'sessions',
      [
        update(SESSION),
        write(SESSION),
        request('dynamodb:Query', `${TABLE_ARN}/index/byExpiry`),
        request('dynamodb:GetItem', TABLE_ARN, keyed(CONTROL_ID)),
      ],
    ],
  ])('%s allows nothing', async (command, requests) => {
    expect(await allowed(policyOf(command), requests)).toEqual([]);
  });

  it('the role that operates revokes sessions, and changes nothing else in the table', async () => {
    const policy = policyDocument(roleGrants('operate', scope)) as unknown as Policy;
    expect(await allowed(policy, [write(SESSION), update(SESSION)])).toHaveLength(2);
    expect(await allowed(policy, [write(CONTROL_ID), update(CONTROL_ID), write(SESSION, CONTROL_ID)])).toEqual([]);
  });
});
