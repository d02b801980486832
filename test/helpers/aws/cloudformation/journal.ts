/** Writes the events of a stack. Every change of a status goes through here. */
import type {
  OperationEvent,
  OperationType,
  ResourceStatus,
  StackEvent,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { Operation, ResourceRecord, StackRecord } from './records.ts';

export class Journal {
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  begin(stack: StackRecord, type: OperationType, clientRequestToken: string | undefined): Operation {
    const started = this.#clock.now();
    const operation: Operation = {
      id: this.#ids.uuid(),
      type,
      status: 'IN_PROGRESS',
      started,
      ended: undefined,
      clientRequestToken,
    };
    stack.operations.push(operation);
    return operation;
  }

  end(operation: Operation, status: 'SUCCEEDED' | 'FAILED'): void {
    operation.status = status;
    operation.ended = this.#clock.now();
  }

  /** A new status of the stack itself. */
  stack(stack: StackRecord, status: StackStatus, reason?: string): void {
    stack.status = status;
    stack.statusReason = reason;
    this.#write(stack, {
      LogicalResourceId: stack.name,
      PhysicalResourceId: stack.id,
      ResourceType: 'AWS::CloudFormation::Stack',
      // The status of a stack is one of a resource, as events see it.
      ResourceStatus: status as ResourceStatus,
      ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
    });
  }

  resource(stack: StackRecord, resource: ResourceRecord, status: ResourceStatus, reason?: string): void {
    resource.status = status;
    resource.reason = reason;
    resource.updated = this.#clock.now();
    this.about(stack, resource, status, reason);
  }

  /** An event about something that is not, or no longer, the resource of the stack by that name. */
  about(
    stack: StackRecord,
    what: Pick<ResourceRecord, 'logicalId' | 'physicalId' | 'type' | 'properties'>,
    status: ResourceStatus,
    reason?: string,
  ): void {
    this.#write(stack, {
      LogicalResourceId: what.logicalId,
      PhysicalResourceId: what.physicalId,
      ResourceType: what.type,
      ResourceStatus: status,
      ResourceProperties: JSON.stringify(what.properties),
      ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
    });
  }

  /** An entry that only DescribeEvents shows. */
  note(stack: StackRecord, operation: Operation, event: OperationEvent): void {
    stack.operationEvents.push({
      EventId: this.#ids.uuid(),
      StackId: stack.id,
      OperationId: operation.id,
      OperationType: operation.type,
      Timestamp: this.#clock.now(),
      ...event,
    });
  }

  #write(stack: StackRecord, event: Partial<StackEvent>): void {
    const operation = stack.operations.at(-1);
    const Timestamp = this.#clock.now();
    const common = {
      ...event,
      EventId: this.#ids.uuid(),
      StackId: stack.id,
      Timestamp,
      ...(operation ? { OperationId: operation.id } : {}),
      ...(operation?.clientRequestToken ? { ClientRequestToken: operation.clientRequestToken } : {}),
    };
    stack.events.push({ ...common, StackName: stack.name });
    const failed = event.ResourceStatus?.endsWith('_FAILED') && event.PhysicalResourceId !== stack.id;
    stack.operationEvents.push({
      ...common,
      ...(operation ? { OperationType: operation.type } : {}),
      EventType: failed ? 'PROVISIONING_ERROR' : 'STACK_EVENT',
    });
  }
}
