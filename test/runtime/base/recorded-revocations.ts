/** The function `revocations` in everything that it can be asked, and in what may go wrong meanwhile. */
import type { CustomResourceEvent } from '../../../runtime/base/custom-resource.ts';
import { revocationsEnvironment } from '../../../runtime/base/environment.ts';
import { handleRevocations, type RevocationsEvent } from '../../../runtime/base/revocations.ts';
import { liftRow } from '../../../runtime/sessions/revocation-row.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { type Calls, record } from '../../helpers/iam/recorded.ts';
import { failing } from './failing.ts';
import { revocationsWorld } from './revocations-world.ts';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;
const some = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => id(from + i));

export function recordedRevocations(variables: Readonly<Record<string, string>>): Promise<Calls> {
  const environment = revocationsEnvironment(variables);
  const world = revocationsWorld({ environment });
  const waf = environment.ruleGroup !== undefined;
  const table = world.tables.table(environment.tableName);
  const handle = (event: RevocationsEvent, weather: Weather = {}) =>
    handleRevocations(event, world.worker({ waf, weather }));
  const follow = (weather?: Weather) => handle({ Records: world.stream() }, weather);
  const put = (sessions: readonly string[], more = {}): void => {
    for (const session of sessions) world.put({ session, ...more });
  };
  const deploy = (RequestType: CustomResourceEvent['RequestType']) =>
    handleRevocations({ ...DEPLOYMENT, RequestType }, world.worker({ waf }), { send: async () => {} });
  const lift = (session: string) => world.tables.call('UpdateItem', liftRow(environment.tableName, session) as never);

  return record(world.calls, [
    ['first deployment', () => deploy('Create')],
    ['deletion', () => deploy('Delete')],
    [
      'follow',
      () => {
        // More than one write takes, and more than one read.
        put(some(0, 120));
        return follow();
      },
    ],
    [
      'follow a lifted one',
      () => {
        lift(id(0));
        return follow();
      },
    ],
    [
      'follow a lifted one that the edge never had',
      () => {
        put(some(150, 1));
        lift(id(150));
        return follow(failing('UpdateKeys', 'ResourceNotFoundException'));
      },
    ],
    [
      'follow while others write',
      async () => {
        put(some(200, 1));
        await follow(failing('UpdateKeys', 'ConflictException'));
        put(some(201, 1));
        await follow(failing('UpdateRuleGroup', 'WAFOptimisticLockException'));
      },
    ],
    [
      'put aside',
      () => {
        table.set(id(300), { id: { S: id(300) }, state: { S: 'revoked' } });
        return handle({ Records: [...world.stream(), { eventID: 'x', dynamodb: { Keys: { id: { S: '?' } } } }] });
      },
    ],
    [
      'sweep',
      () => {
        put(some(400, 3), { expires: world.now });
        world.now += 300;
        return handle({ task: 'sweep' });
      },
    ],
    [
      'reconcile',
      () => {
        table.set('control', { id: { S: 'control' }, voidBefore: { N: '1' } });
        put(some(500, 3));
        world.stream();
        return handle({ task: 'reconcile' });
      },
    ],
  ]);
}

const DEPLOYMENT = {
  ResponseURL: 'http://in.process/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'FirstRevocations',
};
