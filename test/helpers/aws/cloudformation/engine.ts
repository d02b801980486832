/** What every operation on stacks of one account and Region needs. */
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceAddress, World } from '../world.ts';
import type { Scope } from './evaluate.ts';
import type { Failures } from './failures.ts';
import type { Journal } from './journal.ts';
import type { Deployment, ResourceRecord, StackRecord } from './records.ts';
import { stackScope } from './scope.ts';

export interface Engine {
  account: string;
  region: string;
  world: World;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  failures: Failures;
}

export function addressOf(
  engine: Engine,
  { type, physicalId }: Pick<ResourceRecord, 'type' | 'physicalId'>,
): ResourceAddress {
  return { account: engine.account, region: engine.region, type, physicalId };
}

/** The properties as they are now; `undefined` if the resource is gone. */
export function liveProperties(engine: Engine, record: ResourceRecord): JsonObject | undefined {
  return engine.world.get(addressOf(engine, record))?.properties;
}

/** Source: CloudFormation Template Reference, "Resource tag". */
export function systemTags(stack: StackRecord, logicalId: string): Record<string, string> {
  return {
    'aws:cloudformation:stack-name': stack.name,
    'aws:cloudformation:stack-id': stack.id,
    'aws:cloudformation:logical-id': logicalId,
  };
}

/** Whether the stack has it, as far as CloudFormation knows. */
export function isProvisioned(record: ResourceRecord | undefined): record is ResourceRecord {
  return record !== undefined && record.physicalId !== '' && record.status !== 'DELETE_COMPLETE';
}

/** Names as they stand while resources are being made: each is known once it exists. */
export function executionScope(engine: Engine, stack: StackRecord, deployment: Deployment): Scope {
  return stackScope({
    facts: {
      account: engine.account,
      region: engine.region,
      stackId: stack.id,
      stackName: stack.name,
      notificationArns: deployment.notificationArns,
    },
    template: deployment.template,
    parameters: deployment.parameters,
    resource: (logicalId, attribute) => {
      const record = stack.resources.get(logicalId);
      if (!isProvisioned(record)) return '';
      return valueOfResource(engine, record, attribute);
    },
  });
}

/** What `Ref` or `Fn::GetAtt` of an existing resource gives. */
export function valueOfResource(engine: Engine, record: ResourceRecord, attribute: string | undefined): string {
  if (attribute === undefined) return record.physicalId;
  const live = engine.world.get(addressOf(engine, record));
  const property = live?.properties[attribute];
  return live?.attributes[attribute] ?? (typeof property === 'string' ? property : `${record.physicalId}.${attribute}`);
}
