/** A stack as AWS has it now: two requests, made at the same time. */
import type { Stack } from '@aws-sdk/client-cloudformation';
import type { ManifestStack } from '../output/manifest.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import type { Aws } from './context.ts';
import { isMissing } from './faults.ts';

export interface LiveStack {
  /** StackStatus; absent when there is no such stack. */
  status?: string;
  statusReason?: string;
  stackId?: string;
  parameters: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  /** Template as it was submitted; absent before the first creation. */
  template?: string;
  updated?: Date;
  terminationProtection: boolean;
}

type Address = Pick<ManifestStack, 'name' | 'region'>;

const ABSENT: LiveStack = { parameters: {}, outputs: {}, terminationProtection: false };

export async function readLiveStack({ clients }: Pick<Aws, 'clients'>, stack: Address): Promise<LiveStack> {
  const api = await clients.cloudFormation(stack.region);
  const [described, template] = await Promise.all([describeStack(api, stack.name), templateOf(api, stack.name)]);
  if (described === undefined) return ABSENT;
  return { ...liveStack(described), ...(template === undefined ? {} : { template }) };
}

/** One request, where the template does not matter. */
export async function readStatus({ clients }: Pick<Aws, 'clients'>, stack: Address): Promise<LiveStack> {
  const described = await describeStack(await clients.cloudFormation(stack.region), stack.name);
  return described === undefined ? ABSENT : liveStack(described);
}

export async function describeStack(api: CloudFormationApi, name: string): Promise<Stack | undefined> {
  try {
    return (await api.describeStacks({ StackName: name })).Stacks?.[0];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function liveStack(stack: Stack): LiveStack {
  const { StackStatus, StackStatusReason, StackId, LastUpdatedTime, CreationTime } = stack;
  const updated = LastUpdatedTime ?? CreationTime;
  return {
    ...(StackStatus === undefined ? {} : { status: StackStatus }),
    ...(StackStatusReason ? { statusReason: StackStatusReason } : {}),
    ...(StackId === undefined ? {} : { stackId: StackId }),
    ...(updated === undefined ? {} : { updated }),
    parameters: byKey(stack.Parameters?.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
    outputs: byKey(stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
    terminationProtection: stack.EnableTerminationProtection === true,
  };
}

async function templateOf(api: CloudFormationApi, name: string): Promise<string | undefined> {
  try {
    const { TemplateBody } = await api.getTemplate({ StackName: name, TemplateStage: 'Original' });
    return TemplateBody;
  } catch (error) {
    // Also of a stack in review, which has none yet: whether there is a stack, the other request says.
    if (isMissing(error) || (error as Error).name === 'ValidationError') return undefined;
    throw error;
  }
}

function byKey(pairs: readonly (string | undefined)[][] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}
