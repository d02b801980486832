/** Runs the workflow of the keys as it is deployed: its own definition, with somebody who does the steps. Retries come at once. */
import type { Json } from '../../../generator/modules/contract.ts';
import type { KeysEvent } from '../../../runtime/base/keys-command.ts';
import type { KeysView } from '../../../runtime/base/keys-view.ts';

export interface KeysMachineRun {
  definition: Record<string, Json>;
  input: object;
  /** Does the step of a state. `waited`: seconds that the workflow waited before it. */
  step(
    name: string,
    asked: { FunctionName: string; Payload: KeysEvent; waited: number },
  ): Promise<KeysView | undefined>;
  /** Gets what happens, event by event. */
  events?(log: AsyncIterable<unknown>): Promise<void>;
}

/** Throws what the workflow ended with, as AWS would show it: `name` is its error, `message` its cause. */
export async function runKeysMachine({ definition, input, step, events }: KeysMachineRun): Promise<KeysView> {
  const StateMachine = await library();
  const states = definition.States as unknown as Record<string, { Type: string }>;
  const tasks = Object.keys(states).filter((name) => states[name]?.Type === 'Task');
  let pause = 0;
  const handlers = Object.fromEntries(
    tasks.map((name) => [
      name,
      async (asked: { FunctionName: string; Payload: KeysEvent }) => {
        const Payload = await step(name, { ...asked, waited: name === 'Sign' ? pause : 0 });
        pause = name === 'Prepare' ? (Payload?.wait ?? 0) : 0;
        return { StatusCode: 200, Payload };
      },
    ]),
  );
  const execution = new StateMachine(definition as never).run(input as never, {
    overrides: {
      taskResourceLocalHandlers: handlers as never,
      waitTimeOverrides: { WaitForEdge: 0 },
      retryIntervalOverrides: Object.fromEntries(tasks.map((name) => [name, 0])),
    },
  });
  const log = events?.(execution.eventLogs);
  try {
    return (await execution.result) as unknown as KeysView;
  } catch (error) {
    throw (error as Error).cause;
  } finally {
    await log;
  }
}

async function library(): Promise<typeof import('aws-local-stepfunctions').StateMachine> {
  // Node 20 has none; the library calls it.
  if (!('withResolvers' in Promise)) Object.assign(Promise, { withResolvers });
  return (await import('aws-local-stepfunctions')).StateMachine;
}

function withResolvers<T>(): object {
  let settle = {};
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
