/**
 * CloudFormation of one account and Region, without HTTP. `operations.ts` of the API work on it; the methods here are what
 * tests use directly.
 */
import { AwsError, validationError } from '../errors.ts';
import { type Json, setAt } from '../json.ts';
import type { ResourceAddress } from '../world.ts';
import type { Detection } from './drift.ts';
import { addressOf, type Engine, isProvisioned, liveProperties } from './engine.ts';
import type { OrderedFailure, OrderedFinding } from './failures.ts';
import type { ChangeSetRecord, ResourceRecord, StackRecord } from './records.ts';

export interface ModelOptions {
  /** How many steps of the work in progress one look takes: `Infinity` is done at the first look. */
  stepsPerPoll: number;
  /** Entries a page of an answer has. */
  pageSize: number;
}

export interface TemplateStore {
  /** The text of an object in S3, or why it cannot be read. */
  read(url: string, region: string): string;
}

export class CloudFormation {
  readonly engine: Engine;
  readonly options: ModelOptions;
  readonly templates: TemplateStore;
  readonly stacks: StackRecord[] = [];
  readonly detections: Detection[] = [];

  constructor(engine: Engine, options: ModelOptions, templates: TemplateStore) {
    this.engine = engine;
    this.options = options;
    this.templates = templates;
  }

  /** The resource that an operation on `stack` meets next fails in that phase. */
  failNext(failure: OrderedFailure): void {
    this.engine.failures.add(failure);
  }

  /** What early validation says of the next change set of the stack. */
  failValidation(...findings: OrderedFinding[]): void {
    this.engine.failures.addFindings(findings);
  }

  /** Changes a live property behind the stack's back; `undefined` takes it away. `path` is a JSON pointer: `/Tags/0/Value`. */
  touch(stack: string, logicalId: string, path: string, value: Json | undefined): void {
    const record = this.resource(stack, logicalId);
    const properties = structuredClone(liveProperties(this.engine, record) ?? {});
    setAt(properties, path, value);
    this.engine.world.update(addressOf(this.engine, record), properties);
  }

  /** Removes the resource behind the stack's back. */
  remove(stack: string, logicalId: string): void {
    this.engine.world.delete(addressOf(this.engine, this.resource(stack, logicalId)));
  }

  /** The live properties; `undefined` if the resource is gone. */
  live(stack: string, logicalId: string): { [key: string]: Json } | undefined {
    return liveProperties(this.engine, this.resource(stack, logicalId));
  }

  resource(stack: string, logicalId: string): ResourceRecord {
    const record = this.get(stack).resources.get(logicalId);
    if (!isProvisioned(record)) throw new Error(`${stack} has no resource ${logicalId}`);
    return record;
  }

  /** Finishes what is going on in the stack. */
  settle(stack: string): void {
    const record = this.get(stack);
    while (record.running) this.#step(record);
  }

  /** A stack by name (if it is not deleted) or ARN. */
  find(nameOrArn: string | undefined): StackRecord | undefined {
    if (nameOrArn?.startsWith('arn:')) return this.stacks.find(({ id }) => id === nameOrArn);
    return this.stacks.find(({ name, status }) => name === nameOrArn && status !== 'DELETE_COMPLETE');
  }

  get(
    nameOrArn: string | undefined,
    says: (name: string) => string = (name) => `Stack with id ${name} does not exist`,
  ): StackRecord {
    const stack = this.find(nameOrArn);
    if (!stack) throw validationError(says(String(nameOrArn)));
    return stack;
  }

  /** The stack that has a resource, as far as CloudFormation knows. */
  ownerOf({ type, physicalId }: Pick<ResourceAddress, 'type' | 'physicalId'>): StackRecord | undefined {
    const has = (record: ResourceRecord): boolean =>
      isProvisioned(record) && record.type === type && record.physicalId === physicalId;
    return this.stacks.find(
      ({ status, resources }) => status !== 'DELETE_COMPLETE' && [...resources.values()].some(has),
    );
  }

  /** A change set by ARN, or by name and stack. */
  getChangeSet(
    nameOrArn: string | undefined,
    stackName: string | undefined,
  ): { stack: StackRecord; changeSet: ChangeSetRecord } {
    const byArn = nameOrArn?.startsWith('arn:');
    if (!byArn && stackName === undefined) {
      throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    const stacks = byArn ? this.stacks : [this.find(stackName)];
    for (const stack of stacks) {
      const changeSet = stack?.changeSets.find(({ id, name }) => (byArn ? id : name) === nameOrArn);
      if (stack && changeSet) return { stack, changeSet };
    }
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrArn}] does not exist`, { status: 404 });
  }

  /** Somebody looks at the stack: time passes. */
  look(stack: StackRecord): void {
    for (let step = 0; step < this.options.stepsPerPoll && stack.running; step++) this.#step(stack);
  }

  /** The stack after a look at it. Who looks by name does not see the end of a deletion, only that nothing is there. */
  see(nameOrArn: string | undefined, says?: (name: string) => string): StackRecord {
    this.look(this.get(nameOrArn, says));
    return this.get(nameOrArn, says);
  }

  lookAtChangeSet(changeSet: ChangeSetRecord): void {
    for (let step = 0; step < this.options.stepsPerPoll && changeSet.running; step++) {
      if (changeSet.running.next().done) changeSet.running = undefined;
    }
  }

  page<T>(items: readonly T[], token: string | undefined): { items: T[]; next: string | undefined } {
    const start = token === undefined ? 0 : Number(token);
    if (!Number.isInteger(start) || start < 0) throw validationError('Invalid pagination token');
    const end = start + this.options.pageSize;
    return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
  }

  #step(stack: StackRecord): void {
    const running = stack.running;
    if (running?.next().done && stack.running === running) stack.running = undefined;
  }
}
