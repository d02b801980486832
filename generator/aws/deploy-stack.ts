/** Brings one stack to what the release says: change set, risk gate, execution, and following it to its end. */
import { randomUUID } from 'node:crypto';
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import {
  changeSetName,
  dropChangeSet,
  executeChangeSet,
  findingsOf,
  foreignChangeSets,
  type MadeChangeSet,
  makeChangeSet,
  templateInput,
} from './change-set.ts';
import type { Aws } from './context.ts';
import { failureAdvice } from './failure-advice.ts';
import { harmless } from './faults.ts';
import { type Followed, follow } from './follow.ts';
import { describeStack, liveStack } from './live-stack.ts';
import { type KnownOutputs, missingOutput, outputId, resolveParameters } from './parameters.ts';
import { findingDiagnostic, unexplained } from './preview.ts';
import { placeOf, previewStack } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { refusals, risksOf } from './risks.ts';
import { stackState } from './stack-states.ts';
import { parametersChange, type SurveyedStack } from './survey.ts';

export interface StackDeployment {
  release: Release;
  /** Outputs of the stacks before it. */
  outputs: KnownOutputs;
  /** Kinds of risk that are allowed. */
  allow: readonly string[];
  /** Command that goes on after a cut. */
  resume: string;
}

export interface DeployedStack {
  outcome: 'created' | 'updated' | 'unchanged';
  outputs: Readonly<Record<string, string>>;
}

/** Throws a Refusal: EP7201, EP7202, EP7204, EP7301, EP7302, EP7304, EP7307. */
export async function deployStack(aws: Aws, found: SurveyedStack, options: StackDeployment): Promise<DeployedStack> {
  const { stack, live, action } = found;
  const wanted = withOutputs(found, options);
  const unchanged: DeployedStack = { outcome: 'unchanged', outputs: live.outputs };
  if (action === 'none') return unchanged;
  const same = found.template === undefined && !parametersChange(stack, { live, parameters: wanted.parameters });
  if (action === 'update' && same) return unchanged;
  aws.progress.phase(stack.id, 'comparing');
  const api = await aws.clients.cloudFormation(stack.region);
  const foreign = action === 'update' ? await foreignChangeSets(api, stack.name) : [];
  const made = await makeChangeSet(aws, api, { id: stack.id, input: changeSetInput(wanted, options.release) });
  if (made.status === 'empty') {
    await dropChangeSet(api, made.id);
    return unchanged;
  }
  const objections = await objectionsTo(wanted, { api, made, foreign, ...options });
  if (objections.length > 0) {
    await dropChangeSet(api, made.id);
    throw new Refusal(...objections);
  }
  aws.progress.phase(stack.id, 'changing', action === 'create' ? 'creating' : 'updating');
  const followed = await execute(aws, { api, made, found: wanted, resume: options.resume });
  return ended(wanted, { api, followed, release: options.release });
}

/** Throws when a producer turns out not to have what is imported. */
function withOutputs(found: SurveyedStack, { release, outputs }: StackDeployment): SurveyedStack {
  const { stack } = found;
  const parameters = resolveParameters(stack, { manifest: release.manifest, outputs });
  for (const name of Object.keys(parameters.unknown)) {
    const source = stack.parameters[name];
    if (source === undefined || !('output' in source)) continue;
    throw new Refusal(missingOutput(stack.id, { parameter: name, output: outputId(source.output), from: source.from }));
  }
  return { ...found, parameters };
}

function changeSetInput({ stack, parameters, action }: SurveyedStack, release: Release): CreateChangeSetInput {
  return {
    StackName: stack.name,
    ChangeSetName: changeSetName({ purpose: 'deploy', digest: release.manifest.digest }),
    ChangeSetType: action === 'create' ? 'CREATE' : 'UPDATE',
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    Description: `edgepass deployment of ${release.manifest.environment}`,
    ...templateInput(release, stack),
    Parameters: Object.entries(parameters.values).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
  };
}

interface Objected extends StackDeployment {
  api: CloudFormationApi;
  made: MadeChangeSet;
  foreign: readonly string[];
}

/** What AWS found in the template, and risks that nobody allowed. */
async function objectionsTo(
  found: SurveyedStack,
  { api, made, foreign, release, allow }: Objected,
): Promise<Diagnostic[]> {
  if (made.status === 'failed') {
    const findings = await findingsOf(api, { changeSet: made.id, placeOf: placeOf(release, found.stack.template) });
    const failures = findings.filter(({ mode }) => mode === 'FAIL');
    return (failures.length > 0 ? failures : [unexplained(made.reason)]).map(findingDiagnostic);
  }
  const rows = previewStack(found, { release, aws: { changes: made.changes, findings: [] } });
  return refusals(risksOf(found, { ...rows, protected: release.manifest.protected, foreign }), allow);
}

interface Execution {
  api: CloudFormationApi;
  made: MadeChangeSet;
  found: SurveyedStack;
  resume: string;
}

async function execute(aws: Aws, { api, made, found, resume }: Execution): Promise<Followed> {
  const { stack } = found;
  const token = randomUUID();
  await executeChangeSet(api, { id: stack.id, stack: stack.name, changeSet: made.id, token });
  return follow(aws, { id: stack.id, stack: stack.name, region: stack.region, token, resume });
}

async function ended(
  { stack, action }: SurveyedStack,
  { api, followed, release }: { api: CloudFormationApi; followed: Followed; release: Release },
): Promise<DeployedStack> {
  if (stackState(followed.status).failed || followed.status.endsWith('_FAILED'))
    throw new Refusal(failureDiagnostic({ stack, followed, release }));
  const described = await describeStack(api, stack.name);
  const outputs = described === undefined ? {} : liveStack(described).outputs;
  return { outcome: action === 'create' ? 'created' : 'updated', outputs };
}

/** The first failure, with its line in the template, its reason, and what to do about the resource and the stack. */
export function failureDiagnostic({
  stack,
  followed: { status, failure },
  release,
}: {
  stack: SurveyedStack['stack'];
  followed: Followed;
  release: Release;
}): Diagnostic {
  const { meaning, advice } = stackState(status);
  const at = { name: stack.name, region: stack.region, environment: release.manifest.environment };
  const place = failure === undefined ? undefined : placeOf(release, stack.template)(failure.resource);
  const what =
    failure === undefined
      ? ''
      : ` ${failure.resource} (${failure.type}): ${harmless(failure.reason ?? 'AWS gives no reason')}`;
  return {
    code: 'EP7301',
    severity: 'error',
    message: `${stack.id} could not be deployed.${what}`,
    hint: [failureAdvice(failure?.reason ?? ''), `The stack is ${status}: ${meaning}`, advice(at)]
      .filter(Boolean)
      .join(' '),
    ...(place === undefined ? {} : { place }),
  };
}
