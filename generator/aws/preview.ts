/** Says what a deployment would do, without doing any of it: change sets are made, read and taken away again. */
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { type Diagnostic, failed, type Outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import {
  changeSetName,
  dropChangeSet,
  findingsOf,
  foreignChangeSets,
  isLarge,
  makeChangeSet,
  templateInput,
} from './change-set.ts';
import type { Aws } from './context.ts';
import { harmless } from './faults.ts';
import { packageRelease, uploadsOf } from './package.ts';
import { missingOutputs } from './parameters.ts';
import type { PreviewEnvironment, PreviewStack, Risk, ValidationFinding } from './preview-report.ts';
import { placeOf, previewStack } from './preview-rows.ts';
import type { Release } from './release.ts';
import { risksOf } from './risks.ts';
import { type Survey, type SurveyedStack, survey } from './survey.ts';

export interface PreviewOptions {
  /** Leave the change sets in AWS. */
  keep: boolean;
}

/** Faults: EP7013, EP7201, EP7204. What speaks against deploying (EP7202, EP7203, EP7206, EP7207) comes with the value. */
export async function preview(
  aws: Aws,
  release: Release,
  options: PreviewOptions,
): Promise<Outcome<PreviewEnvironment>> {
  const unwired = missingOutputs(release.manifest);
  if (unwired.length > 0) return failed(...unwired);
  const caller = await guardAccount(aws, release.manifest);
  if (!caller.ok) return caller;
  const found = await survey(aws, release);
  const looked = await Promise.all(found.stacks.map((stack) => lookAt(aws, stack, { found, ...options })));
  const environment = environmentOf(found, looked);
  return { ok: true, value: environment, diagnostics: looked.flatMap(concerns) };
}

interface Looked {
  surveyed: SurveyedStack;
  stack: PreviewStack;
  risks: Risk[];
}

async function lookAt(
  aws: Aws,
  surveyed: SurveyedStack,
  { found, keep }: { found: Survey; keep: boolean },
): Promise<Looked> {
  const { release } = found;
  const asked = needsChangeSet(surveyed) ? await ask(aws, surveyed, { release, keep }) : undefined;
  const stack = previewStack(surveyed, { release, ...(asked === undefined ? {} : { aws: asked }) });
  const risks = risksOf(surveyed, {
    ...stack,
    protected: release.manifest.protected,
    ...(asked === undefined ? {} : { foreign: asked.foreign }),
  });
  return { surveyed, stack: { ...stack, ...(asked?.kept === undefined ? {} : { changeSet: asked.kept }) }, risks };
}

/**
 * A change set needs every value; one that is not known yet can be left as it is, unless there is none. Names that are taken
 * by what would be taken up first make AWS refuse it.
 */
function needsChangeSet({ action, live, parameters, kept }: SurveyedStack): boolean {
  if (action !== 'update' || kept.length > 0) return false;
  return Object.keys(parameters.unknown).every((name) => Object.hasOwn(live.parameters, name));
}

async function ask(
  aws: Aws,
  { stack, parameters }: SurveyedStack,
  { release, keep }: { release: Release; keep: boolean },
) {
  const api = await aws.clients.cloudFormation(stack.region);
  if (isLarge(release, stack)) {
    const uploads = uploadsOf(release, [stack]).filter(({ key }) => key.startsWith('templates/'));
    await packageRelease(aws, release, uploads);
  }
  const name = changeSetName({ purpose: 'preview', digest: release.manifest.digest });
  const input: CreateChangeSetInput = {
    StackName: stack.name,
    ChangeSetName: name,
    ChangeSetType: 'UPDATE',
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    Description: `edgepass preview of ${release.manifest.environment}`,
    ...templateInput(release, stack),
    Parameters: [
      ...Object.entries(parameters.values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      ...Object.keys(parameters.unknown).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    ],
  };
  const foreign = foreignChangeSets(api, stack.name);
  const made = await makeChangeSet(aws, api, { id: stack.id, input });
  try {
    const findings = await findingsOf(api, { changeSet: made.id, placeOf: placeOf(release, stack.template) });
    if (made.status === 'failed' && findings.every(({ mode }) => mode === 'WARN'))
      findings.push(unexplained(made.reason));
    return { changes: made.changes, findings, foreign: await foreign, ...(keep ? { kept: name } : {}) };
  } finally {
    if (!keep) await dropChangeSet(api, made.id);
  }
}

/** AWS refuses to make the change set and lists no finding: its reason is the finding. */
export function unexplained(reason: string): ValidationFinding {
  return { mode: 'FAIL', name: 'CHANGE_SET', message: harmless(reason) };
}

function environmentOf({ release, plan, changes }: Survey, looked: readonly Looked[]): PreviewEnvironment {
  const { environment, project, account, region, protected: isProtected, digest } = release.manifest;
  return {
    name: environment,
    project,
    account,
    region,
    protected: isProtected,
    manifest: digest,
    plan,
    changes,
    stacks: looked.map(({ stack }) => stack),
    risks: looked.flatMap(({ risks }) => risks),
  };
}

function concerns({ surveyed: { blocked, objections }, stack }: Looked): Diagnostic[] {
  const state: Diagnostic[] = blocked === undefined ? [] : [{ code: 'EP7203', severity: 'warning', ...blocked }];
  return [...state, ...objections, ...stack.findings.map(findingDiagnostic)];
}

export function findingDiagnostic({ mode, name, message, resource, path, place }: ValidationFinding): Diagnostic {
  const where = path ?? resource;
  return {
    code: 'EP7202',
    severity: mode === 'FAIL' ? 'error' : 'warning',
    message: `AWS would not deploy this (${name})${where === undefined ? '' : ` at ${where}`}: ${message}`,
    hint: 'Correct the setting in config.yaml that this value comes from, then run `edgepass generate`.',
    ...(place === undefined ? {} : { place }),
  };
}
