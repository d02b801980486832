/** The calls of Step Functions that edgepass makes. */
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandInput,
  SFNClient,
  StartExecutionCommand,
  type StartExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import type { ClientSettings } from '../clients.ts';

export type StatesApi = ReturnType<typeof statesApi>;

export function statesApi(settings: ClientSettings) {
  const client = new SFNClient(settings);
  return {
    describeExecution: (input: DescribeExecutionCommandInput) => client.send(new DescribeExecutionCommand(input)),
    startExecution: (input: StartExecutionCommandInput) => client.send(new StartExecutionCommand(input)),
  };
}
