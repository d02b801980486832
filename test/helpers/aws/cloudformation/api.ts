/** The operations by the names of the API. */
import * as changeSets from './change-set-operations.ts';
import * as drift from './drift-operations.ts';
import type { CloudFormation } from './model.ts';
import * as reads from './read-operations.ts';
import * as stacks from './stack-operations.ts';
import * as templates from './template-operations.ts';

/** The input is what the SDK's type of that name says; the front decodes it from the wire. */
type Operation = (cf: CloudFormation, input: never) => object;

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateChangeSet: changeSets.createChangeSet,
  DescribeChangeSet: changeSets.describeChangeSet,
  ListChangeSets: changeSets.listChangeSets,
  DeleteChangeSet: changeSets.deleteChangeSet,
  ExecuteChangeSet: changeSets.executeChangeSet,
  CreateStack: stacks.createStack,
  UpdateStack: stacks.updateStack,
  DeleteStack: stacks.deleteStack,
  CancelUpdateStack: stacks.cancelUpdateStack,
  ContinueUpdateRollback: stacks.continueUpdateRollback,
  RollbackStack: stacks.rollbackStack,
  UpdateTerminationProtection: stacks.updateTerminationProtection,
  SetStackPolicy: stacks.setStackPolicy,
  GetStackPolicy: stacks.getStackPolicy,
  DescribeStacks: reads.describeStacks,
  ListStacks: reads.listStacks,
  DescribeStackEvents: reads.describeStackEvents,
  DescribeEvents: reads.describeEvents,
  DescribeStackResources: reads.describeStackResources,
  DescribeStackResource: reads.describeStackResource,
  ListStackResources: reads.listStackResources,
  GetTemplate: templates.getTemplate,
  GetTemplateSummary: templates.getTemplateSummary,
  ValidateTemplate: templates.validateTemplate,
  DetectStackDrift: drift.detectStackDrift,
  DescribeStackDriftDetectionStatus: drift.describeStackDriftDetectionStatus,
  DescribeStackResourceDrifts: drift.describeStackResourceDrifts,
};
