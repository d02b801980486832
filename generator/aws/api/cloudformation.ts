/** The calls of CloudFormation that edgepass makes. Named one by one, so that the bundle has these and no others. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  type DeleteChangeSetInput,
  DeleteStackCommand,
  type DeleteStackInput,
  DescribeChangeSetCommand,
  type DescribeChangeSetInput,
  DescribeEventsCommand,
  type DescribeEventsInput,
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusInput,
  DescribeStackEventsCommand,
  type DescribeStackEventsInput,
  DescribeStackResourceDriftsCommand,
  type DescribeStackResourceDriftsInput,
  DescribeStacksCommand,
  type DescribeStacksInput,
  DetectStackDriftCommand,
  type DetectStackDriftInput,
  ExecuteChangeSetCommand,
  type ExecuteChangeSetInput,
  GetTemplateCommand,
  type GetTemplateInput,
  ListChangeSetsCommand,
  type ListChangeSetsInput,
} from '@aws-sdk/client-cloudformation';
import type { ClientSettings } from '../clients.ts';

export type CloudFormationApi = ReturnType<typeof cloudFormationApi>;

// biome-ignore format: a table
export function cloudFormationApi(settings: ClientSettings) {
  const client = new CloudFormationClient(settings);
  return {
    createChangeSet: (input: CreateChangeSetInput) => client.send(new CreateChangeSetCommand(input)),
    deleteChangeSet: (input: DeleteChangeSetInput) => client.send(new DeleteChangeSetCommand(input)),
    deleteStack: (input: DeleteStackInput) => client.send(new DeleteStackCommand(input)),
    describeChangeSet: (input: DescribeChangeSetInput) => client.send(new DescribeChangeSetCommand(input)),
    describeEvents: (input: DescribeEventsInput) => client.send(new DescribeEventsCommand(input)),
    describeDriftDetection: (input: DescribeStackDriftDetectionStatusInput) =>
      client.send(new DescribeStackDriftDetectionStatusCommand(input)),
    describeStackEvents: (input: DescribeStackEventsInput) => client.send(new DescribeStackEventsCommand(input)),
    describeResourceDrifts: (input: DescribeStackResourceDriftsInput) =>
      client.send(new DescribeStackResourceDriftsCommand(input)),
    describeStacks: (input: DescribeStacksInput) => client.send(new DescribeStacksCommand(input)),
    detectDrift: (input: DetectStackDriftInput) => client.send(new DetectStackDriftCommand(input)),
    executeChangeSet: (input: ExecuteChangeSetInput) => client.send(new ExecuteChangeSetCommand(input)),
    getTemplate: (input: GetTemplateInput) => client.send(new GetTemplateCommand(input)),
    listChangeSets: (input: ListChangeSetsInput) => client.send(new ListChangeSetsCommand(input)),
  };
}
