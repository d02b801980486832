/**
 * The function `revocations` in AWS Lambda: instances, each with a clock and a memory of its own and with one event at a time.
 * They stand still before and after every call to AWS until they are let go, fail, or die there.
 */

import type { Counts, Worker } from '../../../runtime/base/revocation-work.ts';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { type DataCall, LostAnswer, type Weather } from '../../helpers/aws/data/in-process.ts';
import type { StreamRecord } from '../../helpers/aws/data/tables.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { Crash } from './keys-model.ts';

export type Fate = 'on' | 'crash' | 'throttle' | 'conflict' | 'lost';
export type Task = 'follow' | 'sweep' | 'reconcile' | 'deploy';

export interface Instance {
  worker: Worker;
  /** By how many seconds its clock is off. */
  skew: number;
  run?: Run;
  isDead?: true;
}

export interface Run {
  task: Task;
  instance: Instance;
  records: readonly StreamRecord[];
  /** Whether it met with an accident. */
  isTroubled?: true;
}

interface Gate {
  instance: Instance;
  call: DataCall;
  when: 'before' | 'after';
  resolve(): void;
  reject(error: unknown): void;
}

export interface Told {
  begun(run: Run): void;
  ended(run: Run, counts: Counts): void;
  failed(run: Run, error: unknown): void;
  called(call: DataCall, run: Run | undefined): void;
  /** An accident, by name. */
  count(what: string): void;
}

const CONFLICTS: Readonly<Record<string, string>> = {
  UpdateKeys: 'ConflictException',
  UpdateRuleGroup: 'WAFOptimisticLockException',
};

export class Instances {
  readonly running = new Set<Run>();
  readonly gates: Gate[] = [];
  readonly #all: Instance[] = [];
  readonly #make: (skew: number, weather: Weather) => Worker;
  readonly #skews: readonly number[];
  readonly #told: Told;
  #made = 0;

  constructor(make: (skew: number, weather: Weather) => Worker, skews: readonly number[], told: Told) {
    this.#make = make;
    this.#skews = skews;
    this.#told = told;
  }

  /** Whether anybody is at work, or a call is under way that nobody waits for any more. */
  get busy(): boolean {
    return this.running.size + this.gates.length > 0;
  }

  /** Lets an instance begin: a warm one or a new one, by `pick`. */
  begin(task: Task, { records = [], pick = 0 }: { records?: readonly StreamRecord[]; pick?: number } = {}): Run {
    const instance = this.#instance(pick);
    const run: Run = { task, instance, records };
    instance.run = run;
    this.running.add(run);
    this.#told.begun(run);
    const leave = (): void => {
      this.running.delete(run);
      delete instance.run;
    };
    void handle(run).then(
      (counts) => {
        leave();
        // What a process does after its end has not been done.
        if (instance.isDead) this.#told.failed(run, new Crash());
        else this.#told.ended(run, counts);
      },
      (error: unknown) => {
        leave();
        this.#told.failed(run, instance.isDead ? new Crash() : error);
      },
    );
    return run;
  }

  /** Place of a call at which a run stands; -1 when it has ended. */
  async placeOf(run: Run, which: 'first' | 'last' = 'first'): Promise<number> {
    await this.parked();
    const isHere = ({ instance }: Gate): boolean => instance === run.instance;
    if (!this.running.has(run)) return -1;
    return which === 'first' ? this.gates.findIndex(isHere) : this.gates.findLastIndex(isHere);
  }

  /** Lets one call go on, or meet with an accident. */
  async go(at: number, fate: Fate): Promise<void> {
    const [gate] = this.gates.splice(at, 1);
    if (gate === undefined) return;
    const { instance, call, when, resolve, reject } = gate;
    const conflict = CONFLICTS[call.operation];
    const accident = (name: string, error: unknown): void => {
      this.#told.count(name);
      if (instance.run !== undefined) instance.run.isTroubled = true;
      reject(error);
    };
    if (fate === 'crash') {
      this.forget(instance);
      accident('crashes', new Crash());
    } else if (fate === 'lost') accident('lost answers', new LostAnswer());
    else if (fate === 'throttle' && when === 'before')
      accident('throttles', new AwsError('ThrottlingException', 'slow down'));
    else if (fate === 'conflict' && when === 'before' && conflict !== undefined)
      accident('conflicts', new AwsError(conflict, 'conflict'));
    else resolve();
    await this.parked();
  }

  /** The process of an instance ends, with all that it had under way. */
  forget(instance: Instance): void {
    instance.isDead = true;
    const at = this.#all.indexOf(instance);
    if (at !== -1) this.#all.splice(at, 1);
    for (const gate of this.gates.filter((one) => one.instance === instance)) {
      this.gates.splice(this.gates.indexOf(gate), 1);
      gate.reject(new Crash());
    }
  }

  /** Those without work end; the next events find new ones. */
  cold(): void {
    for (const instance of this.#all.filter(({ run }) => run === undefined)) this.forget(instance);
  }

  /** Events go to new instances from now on; those at work go on to their end. */
  replace(): void {
    this.#all.splice(0);
  }

  /** All that can happen without another call has happened. */
  async parked(): Promise<void> {
    for (let turns = 0; ; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      const stands = (run: Run) => this.gates.some(({ instance }) => instance === run.instance);
      if (turns >= 1 && [...this.running].every(stands)) return;
    }
  }

  #instance(pick: number): Instance {
    const idle = this.#all.filter(({ run }) => run === undefined);
    const warm = idle[pick % (idle.length + 1)];
    if (warm !== undefined) return warm;
    const skew = this.#skews[this.#made++ % this.#skews.length] ?? 0;
    const instance = { skew } as Instance;
    const stop = (when: Gate['when']) => (call: DataCall) =>
      new Promise<void>((resolve, reject) => {
        if (instance.isDead) return reject(new Crash());
        this.#told.called(call, instance.run);
        this.gates.push({ instance, call, when, resolve, reject });
      });
    instance.worker = this.#make(skew, { before: stop('before'), after: stop('after') });
    this.#all.push(instance);
    return instance;
  }
}

const DEPLOYMENT = {
  RequestType: 'Update',
  ResponseURL: 'http://in.process',
  StackId: 's',
  RequestId: 'r',
  LogicalResourceId: 'l',
} as const;

async function handle({ task, instance: { worker }, records }: Run): Promise<Counts> {
  if (task === 'deploy') {
    let answer = '';
    const send = async (_url: string, body: string): Promise<void> => {
      answer = body;
    };
    await handleRevocations(DEPLOYMENT, worker, { send });
    const { Status, Reason = '' } = JSON.parse(answer) as { Status: string; Reason?: string };
    // CloudFormation is told of the kind of an error, of ours by its code.
    if (Status !== 'SUCCESS')
      throw Object.assign(new Error(Reason), {
        name: Reason.replace(/:.*$/s, '').replace(/^conflict$/, 'ConflictError'),
      });
    return {};
  }
  if (task !== 'follow') return (await handleRevocations({ task }, worker)) ?? {};
  // The stream has keys only.
  const Records = records.map(({ eventID, dynamodb }) => ({ eventID, dynamodb: { Keys: dynamodb?.Keys } }));
  return (await handleRevocations({ Records } as never, worker)) ?? {};
}
