/**
 * Step Functions from outside: executions of state machines whose work is a function of the test. Source: Step Functions API
 * reference, StartExecution, DescribeExecution.
 */
import { AwsError } from '../errors.ts';

export type Ended = { output: unknown } | { error: string; cause?: string } | { status: 'TIMED_OUT' | 'ABORTED' };

export interface MachineModel {
  /** What an execution with this input comes to. Its work begins when it is started, and is done when it is looked at. */
  run(input: never): Ended | Promise<Ended>;
  /** How often it is looked at before it has ended. */
  looks?: number;
}

interface Execution {
  name: string;
  input: string;
  started: number;
  ended: Promise<Ended>;
  looks: number;
}

export class Executions {
  readonly #machines = new Map<string, MachineModel>();
  readonly #executions = new Map<string, Execution>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(arn: string, machine: MachineModel): void {
    this.#machines.set(arn, machine);
  }

  call(operation: string, input: Record<string, string>): object | Promise<object> {
    if (operation === 'StartExecution') return this.#start(input);
    if (operation === 'DescribeExecution') return this.#describe(input);
    throw new AwsError('UnknownOperationException', operation);
  }

  #start({ stateMachineArn = '', name = '', input = '' }: Record<string, string>): object {
    const machine = this.#machines.get(stateMachineArn);
    if (machine === undefined)
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: ${stateMachineArn}`);
    if (!/^[\w-]{1,80}$/.test(name)) throw new AwsError('InvalidName', `Invalid Name: ${name}`);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = this.#executions.get(executionArn);
    if (known !== undefined && (known.input !== input || known.looks <= 0))
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: ${executionArn}`);
    const started = known?.started ?? this.#now();
    if (known === undefined)
      this.#executions.set(executionArn, {
        name,
        input,
        started,
        ended: Promise.resolve(machine.run(JSON.parse(input) as never)),
        looks: machine.looks ?? 0,
      });
    return { executionArn, startDate: started / 1000 };
  }

  async #describe({ executionArn = '' }: Record<string, string>): Promise<object> {
    const execution = this.#executions.get(executionArn);
    if (execution === undefined)
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: ${executionArn}`);
    const { name, input, started } = execution;
    const common = { executionArn, name, input, startDate: started / 1000 };
    if (execution.looks-- > 0) return { ...common, status: 'RUNNING' };
    const ended = await execution.ended;
    const end = { ...common, stopDate: this.#now() / 1000 };
    if ('output' in ended) return { ...end, status: 'SUCCEEDED', output: JSON.stringify(ended.output) };
    return 'status' in ended ? { ...end, ...ended } : { ...end, status: 'FAILED', ...ended };
  }
}
