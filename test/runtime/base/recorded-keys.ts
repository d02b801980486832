/** The function `keys` in everything that it can be asked, and in what may go wrong meanwhile. */
import type { CustomResourceEvent } from '../../../runtime/base/custom-resource.ts';
import { keysEnvironment } from '../../../runtime/base/environment.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import type { KeysEvent } from '../../../runtime/base/keys-command.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { type Calls, record } from '../../helpers/iam/recorded.ts';
import { failing } from './failing.ts';
import { DAY, keysWorld } from './keys-world.ts';

export function recordedKeys(variables: Readonly<Record<string, string>>): Promise<Calls> {
  const environment = keysEnvironment(variables);
  const world = keysWorld(environment);
  const step = (event: KeysEvent, weather: Weather = {}) => handleKeys(event, world.keeper({ weather }));
  const deploy = (RequestType: CustomResourceEvent['RequestType']) =>
    handleKeys({ ...DEPLOYMENT, RequestType }, world.keeper(), { send: async () => {} });
  const signing = () => world.record().keys.find(({ state }) => state === 'signing')?.kid ?? '';
  const rotate = async (weather?: Weather): Promise<void> => {
    const { wait = 0 } = (await step({ step: 'prepare', command: 'rotate' }, weather)) ?? {};
    world.now += wait;
    await step({ step: 'sign', kid: signing() }, weather);
  };
  const refused = (event: KeysEvent) => step(event).catch(() => {});

  return record(world.calls, [
    ['look before there are keys', () => refused({ step: 'list' })],
    ['first deployment', () => deploy('Create')],
    ['deployment', () => deploy('Update')],
    ['deletion', () => deploy('Delete')],
    ['list', () => step({ step: 'list' })],
    ['rotate', () => rotate()],
    ['remove', () => step({ step: 'remove' })],
    [
      'remove',
      () => {
        world.now += 31 * DAY;
        return step({ step: 'remove' });
      },
    ],
    ['kill', () => step({ step: 'kill', kid: signing() })],
    ['kill', () => refused({ step: 'kill', kid: 'unknown' })],
    ['void', () => step({ step: 'void', before: world.now })],
    ['void', () => step({ step: 'void', before: world.now - 60 })],
    ['mode', () => step({ step: 'mode', mode: 'report', until: world.now + 60 })],
    ['mode', () => step({ step: 'mode', mode: 'off' })],
    ['rotate while others write', () => rotate(failing('UpdateSecretVersionStage', 'InvalidParameterException'))],
    ['rotate while others write', () => rotate(failing('UpdateKeys', 'ConflictException'))],
    [
      'mend the issuer record',
      () => {
        world.secrets.edit(environment.issuerRecordArn, 'nonsense');
        return step({ step: 'prepare' });
      },
    ],
    [
      'refuse an edited key record',
      () => {
        world.secrets.edit(environment.keyRecordArn, 'nonsense');
        return refused({ step: 'prepare' });
      },
    ],
  ]);
}

const DEPLOYMENT = {
  ResponseURL: 'http://in.process/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'FirstKeys',
};
