/**
 * The workflow of the keys: every hour with `{command: 'run'}`, and for each command of an operator. It only calls the function
 * `keys` step by step and waits in between; each step is safe at any time, so a workflow that dies is made good by the next.
 *
 * Amazon States Language with JSONPath; of it only what AWS, ministack and aws-local-stepfunctions all understand.
 */
import type { Json } from '../../generator/modules/contract.ts';

/** Errors that do not go away by trying again. A test holds them to the refusals of `runtime/base/keys-refusal.ts`. */
const FINAL = [
  'KeysRefusal.command_unknown',
  'KeysRefusal.key_not_found',
  'KeysRefusal.record_missing',
  'KeysRefusal.record_of_another',
  'KeysRefusal.time_in_future',
  'KeysRefusal.time_in_past',
  'KeysRefusal.too_many_keys',
  'RecordError',
];

/** Clocks of two Lambda functions may be 240 s apart; the wait was computed by the one, and is judged by the other. */
const NOT_YET = {
  ErrorEquals: ['KeysRefusal.spare_not_known_everywhere'],
  IntervalSeconds: 30,
  MaxAttempts: 10,
  BackoffRate: 1,
};

/** Throttling, conflicts, outages: all steps may be repeated. Together over four minutes, seconds 2, 4, 8 … 128. */
const AGAIN = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 7, BackoffRate: 2 };

/** Longer than the function may run, seconds: what is over it was lost. */
const STEP_TIMEOUT = 360;
const TIMEOUT = 7_200;

/**
 * The definition, for the property `Definition` of a state machine. `keysFunction` is the ARN of the function `keys`, or what
 * CloudFormation makes it of.
 */
export function keysMachine({ keysFunction }: { keysFunction: Json }): Record<string, Json> {
  const task = (payload: Record<string, Json>, more: Record<string, Json>): Json => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: keysFunction, ...payload },
    TimeoutSeconds: STEP_TIMEOUT,
    Retry: [{ ErrorEquals: FINAL, MaxAttempts: 0 }, NOT_YET, AGAIN],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Failed' }],
    ...more,
  });
  const last = (next: string): Record<string, Json> => ({ ResultPath: '$.last', Next: next });
  const answer = { OutputPath: '$.Payload', End: true };
  const is = (command: string): Json => ({
    And: [
      { Variable: '$.command', IsPresent: true },
      { Variable: '$.command', StringEquals: command },
    ],
    Next: 'Remove',
  });
  return {
    Comment: 'Keys of edgepass: rotation, and the commands of operators',
    StartAt: 'Which',
    TimeoutSeconds: TIMEOUT,
    States: {
      Which: { Type: 'Choice', Choices: [is('run'), is('rotate')], Default: 'Command' },
      // What else was asked for, as it was typed; the function refuses what it does not know.
      Command: task({ 'Payload.$': '$' }, answer),
      // First: a key that may go makes room for the one that is wanted.
      Remove: task({ Payload: { step: 'remove' } }, last('Prepare')),
      Prepare: task({ Payload: { step: 'prepare', 'command.$': '$.command' } }, last('IsWanted')),
      IsWanted: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.command', StringEquals: 'rotate', Next: 'WaitForEdge' },
          { Variable: '$.last.Payload.due', BooleanEquals: true, Next: 'WaitForEdge' },
        ],
        Default: 'NothingDue',
      },
      NothingDue: { Type: 'Pass', OutputPath: '$.last.Payload', End: true },
      WaitForEdge: { Type: 'Wait', SecondsPath: '$.last.Payload.wait', Next: 'Sign' },
      // Names the key that is to be replaced: run twice, it is replaced once.
      Sign: task({ Payload: { step: 'sign', 'kid.$': '$.last.Payload.signing' } }, last('PrepareNext')),
      PrepareNext: task({ Payload: { step: 'prepare' } }, answer),
      Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}
