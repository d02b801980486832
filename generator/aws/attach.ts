/** Puts the token check on a distribution that is there already: reads, shows, and writes with the version that was read. */
import type { ManifestStack } from '../output/manifest.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { CloudFrontApi } from './api/cloudfront.ts';
import { type Attachment, attachment, type BehaviorChange, type Wanted } from './attach-change.ts';
import {
  attachConcerns,
  attachConflicts,
  changedAgain,
  noDistribution,
  notAsked,
  notDeployed,
} from './attach-faults.ts';
import { type Aws, pause } from './context.ts';
import { isMissing } from './faults.ts';
import type { GlobalClients } from './global-clients.ts';
import { readStatus } from './live-stack.ts';
import { isPrecondition } from './package.ts';
import type { Release } from './release.ts';

export interface AttachOptions {
  distribution: string;
  /** Leave cache and origin request policies as they are. */
  functionOnly: boolean;
  /** Wait until the change is everywhere. */
  wait: boolean;
  /** Asked before AWS is changed, and anew when the distribution has changed meanwhile. */
  confirm(changes: readonly BehaviorChange[], again: boolean): Promise<Outcome<true>>;
}

export interface AttachReport {
  distribution: string;
  outcome: 'attached' | 'unchanged';
  changes: BehaviorChange[];
  /** Whether it was seen to be everywhere. */
  deployed: boolean;
}

export async function attachDistribution(
  aws: Aws & { global: GlobalClients },
  release: Release,
  options: AttachOptions,
): Promise<Outcome<AttachReport>> {
  const { distribution } = options;
  const caller = await guardAccount(aws, release.manifest);
  if (!caller.ok) return caller;
  const wanted = await wantedOf(aws, release, options);
  if (!wanted.ok) return wanted;
  const api = await aws.global.cloudFront();
  for (const again of [false, true]) {
    const read = await readConfig(api, { distribution, wanted: wanted.value });
    if (!read.ok) return read;
    const { found, etag } = read.value;
    const concerns = attachConcerns(found, distribution);
    const report = { distribution, changes: found.changes };
    if (found.changes.length === 0) return outcome({ ...report, outcome: 'unchanged', deployed: true }, concerns);
    const confirmed = await options.confirm(found.changes, again);
    if (!confirmed.ok) return confirmed;
    try {
      await api.updateDistribution({ Id: distribution, IfMatch: etag, DistributionConfig: found.config });
    } catch (error) {
      // Somebody else changed it between reading and writing: what was shown is no longer what would happen.
      if (isPrecondition(error)) continue;
      throw error;
    }
    if (options.wait) await everywhere(aws, api, distribution);
    return outcome({ ...report, outcome: 'attached', deployed: options.wait }, concerns);
  }
  return failed(changedAgain(distribution));
}

async function readConfig(
  api: CloudFrontApi,
  { distribution, wanted }: { distribution: string; wanted: Wanted },
): Promise<Outcome<{ found: Attachment; etag: string }>> {
  try {
    const { DistributionConfig, ETag = '' } = await api.getDistributionConfig(distribution);
    if (DistributionConfig === undefined) return failed(noDistribution(distribution));
    const found = attachment(DistributionConfig, wanted);
    return outcome({ found, etag: ETag }, attachConflicts(found, distribution));
  } catch (error) {
    if (isMissing(error)) return failed(noDistribution(distribution));
    throw error;
  }
}

/** The stack that publishes what every behaviour needs, whichever module that is. */
function producerOf({ manifest }: Release): ManifestStack | undefined {
  const needed = ['FunctionArn', 'Behaviors', 'DistributionId'];
  return manifest.stacks.find(({ outputs }) => needed.every((id) => Object.hasOwn(outputs, id)));
}

async function wantedOf(
  { clients }: Aws,
  release: Release,
  { distribution, functionOnly }: AttachOptions,
): Promise<Outcome<Wanted>> {
  const { environment } = release.manifest;
  const stack = producerOf(release);
  const { outputs } = stack === undefined ? { outputs: {} } : await readStatus({ clients }, stack);
  const { FunctionArn, Behaviors, DistributionId, CachePolicyId, OriginRequestPolicyId }: Record<string, string> =
    outputs;
  if (FunctionArn === undefined || Behaviors === undefined) return failed(notDeployed(environment));
  if (DistributionId !== distribution) return failed(notAsked({ distribution, environment, known: DistributionId }));
  const behaviors = JSON.parse(Behaviors) as { pattern: string; origin: string }[];
  return outcome({
    functionArn: FunctionArn,
    ...(functionOnly
      ? {}
      : { ...id('cachePolicyId', CachePolicyId), ...id('originRequestPolicyId', OriginRequestPolicyId) }),
    origins: [...new Set(behaviors.map(({ origin }) => origin))],
    patterns: behaviors.map(({ pattern }) => pattern),
  });
}

/** Outputs say `none` where there is nothing. */
function id<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined || value === 'none' ? {} : ({ [name]: value } as Record<Name, string>);
}

async function everywhere(aws: Aws, api: CloudFrontApi, distribution: string): Promise<void> {
  for (let wait = 2_000; ; wait = Math.min(wait * 1.5, 20_000)) {
    const { Distribution } = await api.getDistribution(distribution);
    if (Distribution?.Status === 'Deployed') return;
    await pause(aws, wait);
  }
}
