/** Finds what was changed outside of deployments, stack by stack at the same time, minus what the running product owns. */
import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { ManifestStack } from '../output/manifest.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import { type Aws, pause } from './context.ts';
import { type DriftRows, driftRows } from './drift-rows.ts';
import { harmless } from './faults.ts';
import { readStatus } from './live-stack.ts';
import { placeOf } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { stackState } from './stack-states.ts';

/** Raised when a reader of older reports would misunderstand a new one. */
export const DRIFT_VERSION = 1;

export interface DriftReport {
  version: typeof DRIFT_VERSION;
  environment: string;
  account: string;
  /** Whether anything drifted that is not owned by the running product. */
  drifted: boolean;
  stacks: StackDrift[];
}

export interface StackDrift extends DriftRows {
  id: string;
  name: string;
  region: string;
  /** `absent`: not deployed. `not-checked`: AWS checks only stacks that stand still. */
  status: 'in-sync' | 'drifted' | 'absent' | 'not-checked';
  /** StackStatus. */
  state?: string;
}

/** Faults: EP7013, EP7401. */
export async function drift(aws: Aws, release: Release): Promise<Outcome<DriftReport>> {
  const caller = await guardAccount(aws, release.manifest);
  if (!caller.ok) return caller;
  const { environment, account } = release.manifest;
  const stacks = await Promise.all(release.manifest.stacks.map((stack) => stackDrift(aws, stack, release)));
  const drifted = stacks.some(({ status }) => status === 'drifted');
  return outcome({ version: DRIFT_VERSION, environment, account, drifted, stacks });
}

export async function stackDrift(aws: Aws, stack: ManifestStack, release: Release): Promise<StackDrift> {
  const base = { id: stack.id, name: stack.name, region: stack.region, resources: [], owned: [] };
  const { status } = await readStatus(aws, stack);
  const kind = status === undefined ? 'absent' : stackState(status).kind;
  if (status === undefined || kind === 'absent') return { ...base, status: 'absent' };
  if (kind !== 'ready') return { ...base, status: 'not-checked', state: status };
  const api = await aws.clients.cloudFormation(stack.region);
  await detect(aws, api, stack);
  const rows = driftRows(await readDrifts(api, stack.name), {
    owned: stack.runtimeOwned,
    placeOf: placeOf(release, stack.template),
  });
  return { ...base, ...rows, status: rows.resources.length > 0 ? 'drifted' : 'in-sync', state: status };
}

async function detect(aws: Aws, api: CloudFormationApi, { id, name }: ManifestStack): Promise<void> {
  const { StackDriftDetectionId } = await api.detectDrift({ StackName: name });
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 5_000)) {
    const found = await api.describeDriftDetection({ StackDriftDetectionId });
    if (found.DetectionStatus === 'DETECTION_COMPLETE') return;
    // Some resources could be checked all the same; their results are as good as ever.
    if (found.DetectionStatus === 'DETECTION_FAILED')
      throw new Refusal({
        code: 'EP7401',
        severity: 'error',
        message: `AWS cannot detect drift of ${id}: ${harmless(found.DetectionStatusReason ?? 'no reason is given')}`,
        hint: 'It reads every resource: see that the role may do so (`edgepass permissions drift`).',
      });
    await pause(aws, wait);
  }
}

async function readDrifts(api: CloudFormationApi, name: string): Promise<StackResourceDrift[]> {
  const drifts: StackResourceDrift[] = [];
  let next: string | undefined;
  do {
    const page = await api.describeResourceDrifts({
      StackName: name,
      StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
      ...(next === undefined ? {} : { NextToken: next }),
    });
    drifts.push(...(page.StackResourceDrifts ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return drifts;
}
