/** Brings one stack to what the release says: change set, risk gate, execution, and following it to its end. */
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import {
  changeSetName,
  dropChangeSet,
  findingsOf,
  foreignChangeSets,
  type MadeChangeSet,
  makeChangeSet,
  templateInput,
} from './change-set.ts';
import type { Aws } from './context.ts';
import { execute } from './execution.ts';
import { describeStack, liveStack } from './live-stack.ts';
import { type KnownOutputs, missingOutput, outputId, resolveParameters } from './parameters.ts';
import { findingDiagnostic, unexplained } from './preview.ts';
import { placeOf, previewStack } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { refusals, risksOf } from './risks.ts';
import { parametersChange, type SurveyedStack, surveyAgain } from './survey.ts';
import { takeUp } from './take-up.ts';

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
  /** Logical ids of what an earlier stack kept and this one has again. */
  takenUp?: readonly string[];
  outputs: Readonly<Record<string, string>>;
}

/** Throws a Refusal: EP7201, EP7202, EP7204, EP7301, EP7302, EP7304, EP7307, EP7309. */
export async function deployStack(aws: Aws, found: SurveyedStack, options: StackDeployment): Promise<DeployedStack> {
  if (found.kept.length === 0) return bringUp(aws, found, options);
  // Two steps, since an import creates nothing. A run that is cut between them goes on with the second.
  await takeUp(aws, withOutputs(found, options), options);
  const rest = await surveyAgain(aws, found.stack, options);
  const deployed = await bringUp(aws, rest, options);
  const outcome = found.action === 'create' ? 'created' : 'updated';
  return { ...deployed, outcome, takenUp: found.kept.map(({ resource }) => resource) };
}

async function bringUp(aws: Aws, found: SurveyedStack, options: StackDeployment): Promise<DeployedStack> {
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
  await execute(aws, { api, made, stack, release: options.release, resume: options.resume });
  const described = await describeStack(api, stack.name);
  const outputs = described === undefined ? {} : liveStack(described).outputs;
  return { outcome: action === 'create' ? 'created' : 'updated', outputs };
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
