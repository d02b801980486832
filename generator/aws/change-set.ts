/** Change sets: made, waited for, read to the last page. Only those that edgepass made are ever executed or deleted. */
import { randomUUID } from 'node:crypto';
import type { Change, CreateChangeSetInput, DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import type { ManifestStack } from '../output/manifest.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import { bucketName, objectUrl, templateKey } from './bucket.ts';
import { type Aws, pause } from './context.ts';
import { faultOf, harmless, isMissing } from './faults.ts';
import type { ValidationFinding } from './preview-report.ts';
import { Refusal } from './refusal.ts';
import { type Release, textOf } from './release.ts';
import type { PlaceOf } from './template-place.ts';

/** Bytes of a template that may stand in a request. Source: CloudFormation quotas. */
const MAX_BODY = 51_200;

/** What stands in front of the name of every change set that edgepass makes. */
export const OUR_PREFIX = 'edgepass-';

export interface MadeChangeSet {
  /** ARN. */
  id: string;
  /** `empty`: AWS finds nothing to change. */
  status: 'ready' | 'empty' | 'failed';
  reason: string;
  changes: Change[];
}

export type TemplateInput = Pick<CreateChangeSetInput, 'TemplateBody' | 'TemplateURL' | 'UsePreviousTemplate'>;

/** Whether the template has to be in the bucket before AWS can read it. */
export function isLarge(release: Release, stack: ManifestStack): boolean {
  return isLargeText(release.files.get(stack.template)?.length ?? 0);
}

export function isLargeText(bytes: number): boolean {
  return bytes > MAX_BODY;
}

export function templateInput(release: Release, stack: ManifestStack): TemplateInput {
  if (!isLarge(release, stack)) return { TemplateBody: textOf(release, stack.template) };
  const { account, files } = release.manifest;
  const digest = files.find(({ path }) => path === stack.template)?.sha256 ?? '';
  return { TemplateURL: templateUrl(account, stack, digest) };
}

export function templateUrl(account: string, stack: ManifestStack, digest: string): string {
  const bucket = bucketName({ account, region: stack.region });
  return objectUrl({ bucket, region: stack.region, key: templateKey(digest, stack) });
}

export interface ChangeSetOrder {
  /** Id of the stack, for messages. */
  id: string;
  input: CreateChangeSetInput;
}

/** Throws a Refusal (EP7201) when AWS does not even begin. */
export async function makeChangeSet(
  aws: Aws,
  api: CloudFormationApi,
  { id, input }: ChangeSetOrder,
): Promise<MadeChangeSet> {
  let made: string;
  try {
    // The token makes it the same request when the answer is lost and the SDK asks again.
    const { Id } = await api.createChangeSet({ ...input, ClientToken: input.ChangeSetName });
    made = Id ?? '';
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.code !== 'EP7018') throw error;
    const message = `AWS makes no change set for ${id}: ${harmless((error as Error).message)}`;
    throw new Refusal({
      code: 'EP7201',
      severity: 'error',
      message,
      hint: 'Mend what AWS names, then run the command again.',
    });
  }
  return waitFor(aws, api, made);
}

async function waitFor(aws: Aws, api: CloudFormationApi, id: string): Promise<MadeChangeSet> {
  for (let wait = 300; ; wait = Math.min(wait * 1.6, 5_000)) {
    const found = await describeAll(api, id);
    const { Status, StatusReason: reason = '', changes } = found;
    if (Status === 'CREATE_COMPLETE') return { id, status: 'ready', reason, changes };
    if (Status === 'FAILED') {
      const empty = /didn't contain changes|No updates are to be performed/i.test(reason);
      return { id, status: empty ? 'empty' : 'failed', reason, changes };
    }
    await pause(aws, wait);
  }
}

async function describeAll(
  api: CloudFormationApi,
  id: string,
): Promise<Pick<DescribeChangeSetOutput, 'Status' | 'StatusReason'> & { changes: Change[] }> {
  const changes: Change[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await api.describeChangeSet({
      ChangeSetName: id,
      IncludePropertyValues: true,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    changes.push(...(page.Changes ?? []));
    next = page.NextToken;
    if (next === undefined) return { Status: page.Status, StatusReason: page.StatusReason, changes };
  }
}

/** What AWS found when it looked at the template before anything is created. */
export async function findingsOf(
  api: CloudFormationApi,
  { changeSet, placeOf }: { changeSet: string; placeOf: PlaceOf },
): Promise<ValidationFinding[]> {
  const findings: ValidationFinding[] = [];
  let next: string | undefined;
  do {
    const page = await api.describeEvents({
      ChangeSetName: changeSet,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    for (const event of page.OperationEvents ?? []) {
      if (event.EventType !== 'VALIDATION_ERROR') continue;
      const { ValidationName, ValidationStatusReason, ValidationPath: path } = event;
      const resource = event.LogicalResourceId ?? path?.split('/')[2];
      const place = resource === undefined ? undefined : placeOf(resource);
      findings.push({
        mode: event.ValidationFailureMode === 'WARN' ? 'WARN' : 'FAIL',
        name: ValidationName ?? 'VALIDATION',
        message: harmless(ValidationStatusReason ?? ''),
        ...(resource === undefined ? {} : { resource }),
        ...(path === undefined ? {} : { path }),
        ...(place === undefined ? {} : { place }),
      });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return findings;
}

/** Begins the operation; `token` marks its events. Throws a Refusal (EP7307) when the change set no longer fits the stack. */
export async function executeChangeSet(
  api: CloudFormationApi,
  { id, stack, changeSet, token }: { id: string; stack: string; changeSet: string; token: string },
): Promise<void> {
  try {
    await api.executeChangeSet({ ChangeSetName: changeSet, ClientRequestToken: token });
  } catch (error) {
    if (faultOf(error)?.code !== 'EP7018') throw error;
    // When the first answer is lost, the SDK's second try meets a change set that is being executed: by us.
    const { StackEvents = [] } = await api.describeStackEvents({ StackName: stack });
    if (StackEvents.some(({ ClientRequestToken }) => ClientRequestToken === token)) return;
    throw new Refusal({
      code: 'EP7307',
      severity: 'error',
      message: `The change set of ${id} cannot be executed: ${harmless((error as Error).message)}`,
      hint: 'Somebody else changed the stack meanwhile. Run the command again: it looks anew.',
    });
  }
}

/** Of ours only, by the ARN that making it returned. */
export async function dropChangeSet(api: CloudFormationApi, id: string): Promise<void> {
  try {
    await api.deleteChangeSet({ ChangeSetName: id });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Names of change sets on a stack that edgepass did not make. Executing ours makes AWS delete them. */
export async function foreignChangeSets(api: CloudFormationApi, stack: string): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await api.listChangeSets({ StackName: stack, ...(next === undefined ? {} : { NextToken: next }) });
    for (const { ChangeSetName: name = '', ExecutionStatus, Status = '' } of page.Summaries ?? []) {
      // One that failed or was executed is nothing that anybody waits for.
      const alive = ExecutionStatus === 'AVAILABLE' || /^CREATE_(PENDING|IN_PROGRESS)$/.test(Status);
      if (alive && !name.startsWith(OUR_PREFIX)) names.push(name);
    }
    next = page.NextToken;
  } while (next !== undefined);
  return names;
}

/** Letters, digits and hyphens, at most 128; never the same twice, since a change set that failed keeps its name. */
export function changeSetName({ purpose, digest }: { purpose: string; digest: string }): string {
  return `${OUR_PREFIX}${purpose}-${digest.slice(0, 12)}-${randomUUID().slice(0, 8)}`;
}
