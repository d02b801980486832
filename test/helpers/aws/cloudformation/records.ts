/** The state of stacks. Change sets, events and resources belong to a stack; what is live belongs to the world. */
import type {
  Capability,
  ChangeSetStatus,
  ChangeSetType,
  DeploymentMode,
  ExecutionStatus,
  OnStackFailure,
  OperationEvent,
  OperationType,
  Output,
  ResourceChange,
  ResourceStatus,
  ResourceToImport,
  StackDriftStatus,
  StackEvent,
  StackResourceDrift,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { JsonObject } from '../json.ts';
import type { ParameterValues } from './parameters.ts';
import type { ResourceDefinition, Template } from './template.ts';

/** Work that goes on while somebody looks: one `yield` is one step. */
export type Steps = Generator<void, void>;

export interface ResourceRecord {
  logicalId: string;
  type: string;
  physicalId: string;
  status: ResourceStatus;
  reason: string | undefined;
  updated: Date;
  definition: ResourceDefinition;
  /** As the last deployment resolved them: what drift is measured against. */
  properties: JsonObject;
  drift: StackResourceDrift | undefined;
}

/** Everything that one template and its inputs decide. */
export interface Deployment {
  template: Template;
  parameters: ParameterValues;
  tags: Tag[];
  capabilities: Capability[];
  roleArn: string | undefined;
  notificationArns: string[];
}

export interface Operation {
  id: string;
  type: OperationType;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  started: Date;
  ended: Date | undefined;
  clientRequestToken: string | undefined;
}

export interface ChangeSetRecord {
  id: string;
  name: string;
  type: ChangeSetType;
  status: ChangeSetStatus;
  statusReason: string | undefined;
  executionStatus: ExecutionStatus;
  created: Date;
  description: string | undefined;
  clientToken: string | undefined;
  onStackFailure: OnStackFailure | undefined;
  deploymentMode: DeploymentMode | undefined;
  includeNestedStacks: boolean | undefined;
  importExistingResources: boolean | undefined;
  /** Of type IMPORT. */
  resourcesToImport: ResourceToImport[];
  deployment: Deployment;
  changes: ResourceChange[];
  stackDriftStatus: StackDriftStatus | undefined;
  operation: Operation;
  executedBy: string | undefined;
  running: Steps | undefined;
}

/** What a failed rollback still has to do. */
export interface PendingRollback {
  steps(skip: ReadonlySet<string>): Steps;
  failed: Set<string>;
}

export interface StackRecord {
  id: string;
  name: string;
  status: StackStatus;
  statusReason: string | undefined;
  created: Date;
  updated: Date | undefined;
  deleted: Date | undefined;
  /** Unset in REVIEW_IN_PROGRESS. */
  deployment: Deployment | undefined;
  changeSetId: string | undefined;
  disableRollback: boolean;
  terminationProtection: boolean;
  policy: string | undefined;
  outputs: Output[];
  resources: Map<string, ResourceRecord>;
  changeSets: ChangeSetRecord[];
  /** Oldest first. */
  events: StackEvent[];
  operationEvents: OperationEvent[];
  operations: Operation[];
  running: Steps | undefined;
  cancelled: boolean;
  pendingRollback: PendingRollback | undefined;
  driftStatus: StackDriftStatus;
  driftChecked: Date | undefined;
}
