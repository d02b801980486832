/** Deploys a release: survey, plan check, risk gate, confirmation, lock, package, stacks in order, record. */
import { type Diagnostic, failed, type Outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { Aws } from './context.ts';
import { type DeployedStack, deployStack } from './deploy-stack.ts';
import { faultOf } from './faults.ts';
import { follow } from './follow.ts';
import { withLock } from './lock.ts';
import { type Ran, runInOrder } from './order.ts';
import { packageRelease } from './package.ts';
import { missingOutputs } from './parameters.ts';
import { previewStack } from './preview-rows.ts';
import { keepPlan, keptPlan, writeRecord } from './records.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { isReviewed, notReviewed, type ReviewedPlan } from './reviewed-plan.ts';
import { refusals, risksOf } from './risks.ts';
import { type Survey, survey } from './survey.ts';

export interface DeployOptions {
  /** Must be what would be deployed. */
  plan?: ReviewedPlan;
  /** Kinds of risk that are allowed. */
  allow: readonly string[];
  /** Asked before AWS is changed, and only when it would be. */
  confirm(found: Survey): Promise<Outcome<true>>;
  /** What was typed behind `edgepass`, for the lock and for hints. */
  command: string;
}

export interface DeployReport {
  environment: string;
  /** Digest of the manifest. */
  manifest: string;
  plan: string;
  stacks: {
    id: string;
    name: string;
    region: string;
    outcome: DeployedStack['outcome'] | 'failed' | 'not-started';
    outputs: Readonly<Record<string, string>>;
    /** Logical ids of what an earlier stack kept and this one has again. */
    takenUp?: readonly string[];
  }[];
  /** Key of the deployment record in the artifact bucket. */
  record?: string;
}

/** `report` is there as soon as stacks were looked at, also when something failed. */
export interface Deployed {
  report?: DeployReport;
  diagnostics: Diagnostic[];
}

export async function deploy(aws: Aws, release: Release, options: DeployOptions): Promise<Deployed> {
  const unwired = missingOutputs(release.manifest);
  if (unwired.length > 0) return { diagnostics: unwired };
  const caller = await guardAccount(aws, release.manifest);
  if (!caller.ok) return caller;
  const found = await settled(aws, { release, command: options.command });
  const blocked = found.stacks.flatMap(({ blocked: reason, objections }): Diagnostic[] =>
    reason === undefined ? objections : [{ code: 'EP7203', severity: 'error', ...reason }],
  );
  if (blocked.length > 0) return { diagnostics: blocked };
  if (!found.changes) return { report: reportOf(found, new Map()), diagnostics: [] };
  const reviewed = await checkPlan(aws, found, options.plan);
  if (!reviewed.ok) return reviewed;
  const refused = refusals(sureRisks(found), options.allow);
  if (refused.length > 0) return { diagnostics: refused };
  const confirmed = await options.confirm(found);
  if (!confirmed.ok) return confirmed;
  const done = await withLock(aws, { manifest: release.manifest, command: options.command }, async (locked) => {
    const again = await survey(locked, release);
    if (again.plan !== found.plan) return failed(changedMeanwhile(found, options.command));
    if (options.plan !== undefined) await keepReviewed(locked, again);
    return { ok: true, value: await run(locked, again, { ...options, caller: caller.value }), diagnostics: [] };
  });
  return done.ok ? done.value : done;
}

/** Waits for what an earlier run left going on, which may be ours that was cut off. */
async function settled(aws: Aws, { release, command }: { release: Release; command: string }): Promise<Survey> {
  for (;;) {
    const found = await survey(aws, release);
    const busy = found.stacks.filter((stack) => stack.busy);
    if (busy.length === 0) return found;
    await Promise.all(
      busy.map(async ({ stack, live }) => {
        aws.progress.phase(stack.id, 'following', live.status);
        const { status } = await follow(aws, {
          id: stack.id,
          stack: stack.name,
          region: stack.region,
          resume: `edgepass ${command}`,
        });
        aws.progress.phase(stack.id, 'waiting', status);
      }),
    );
  }
}

/** Risks that the templates alone prove. Where AWS may see it differently, its change set is asked before each stack. */
function sureRisks({ stacks, release }: Survey) {
  return stacks.flatMap((stack) => {
    const rows = previewStack(stack, { release });
    const sure = rows.resources.filter(({ action }) => action !== 'maybe-replace' && action !== 'replace');
    return risksOf(stack, { ...rows, resources: sure, protected: release.manifest.protected });
  });
}

async function checkPlan(aws: Aws, found: Survey, plan: ReviewedPlan | undefined): Promise<Outcome<true>> {
  const fine: Outcome<true> = { ok: true, value: true, diagnostics: [] };
  if (plan === undefined || isReviewed(found, plan)) return fine;
  // A deployment of this very plan that was cut off left word of what the plan was made over.
  const made = plan.made ?? (await keptPlan(aws, { place: found.release.manifest, plan: plan.digest }));
  const known = made === undefined ? plan : { ...plan, made };
  return isReviewed(found, known) ? fine : failed(notReviewed(found, known));
}

async function keepReviewed(aws: Aws, { plan, release, stacks }: Survey): Promise<void> {
  const fingerprints = Object.fromEntries(stacks.map(({ stack, fingerprint }) => [stack.id, fingerprint]));
  await keepPlan(aws, { place: release.manifest, plan, content: { manifest: release.manifest.digest, fingerprints } });
}

function changedMeanwhile({ release }: Survey, command: string): Diagnostic {
  return {
    code: 'EP7303',
    severity: 'error',
    message: `Environment ${release.manifest.environment} was changed by somebody else meanwhile. Nothing was changed by this run.`,
    hint: `Run \`edgepass ${command}\` again: it looks anew.`,
  };
}

async function run(aws: Aws, found: Survey, options: DeployOptions & { caller: string }): Promise<Deployed> {
  const { release, stacks } = found;
  // All of it, not only what changes: a rollback to this release will need the rest too.
  await packageRelease(aws, release);
  const outputs = new Map(stacks.map(({ stack, live }) => [stack.id, live.outputs]));
  const all = stacks.map((surveyed) => ({ ...surveyed.stack, surveyed }));
  for (const { stack, action } of stacks) aws.progress.phase(stack.id, action === 'none' ? 'unchanged' : 'waiting');
  const resume = `edgepass ${options.command}`;
  const ran = await runInOrder(all, async ({ id, surveyed }) => {
    try {
      const deployed = await deployStack(aws, surveyed, { release, outputs, allow: options.allow, resume });
      outputs.set(id, deployed.outputs);
      aws.progress.phase(id, deployed.outcome === 'unchanged' ? 'unchanged' : 'done', deployed.outcome);
      return deployed;
    } catch (error) {
      aws.progress.phase(id, 'failed');
      throw error;
    }
  });
  for (const [id, { state }] of ran) if (state === 'not-started') aws.progress.phase(id, 'not-started');
  const report = reportOf(found, ran);
  const diagnostics = faultsOf(ran);
  if (diagnostics.length > 0) return { report, diagnostics };
  return record(aws, report, { found, options });
}

function reportOf({ release, plan, stacks }: Survey, ran: ReadonlyMap<string, Ran<DeployedStack>>): DeployReport {
  const { environment, digest } = release.manifest;
  return {
    environment,
    manifest: digest,
    plan,
    stacks: stacks.map(({ stack: { id, name, region }, live }) => {
      const end = ran.get(id);
      if (end?.state === 'done') return { id, name, region, ...end.result };
      return { id, name, region, outcome: end?.state ?? 'unchanged', outputs: live.outputs };
    }),
  };
}

function faultsOf(ran: ReadonlyMap<string, Ran<DeployedStack>>): Diagnostic[] {
  const found = [...ran.values()].flatMap((end): readonly Diagnostic[] => {
    if (end.state !== 'failed') return [];
    if (end.error instanceof Refusal) return end.error.diagnostics;
    const fault = faultOf(end.error);
    if (fault === undefined) throw end.error;
    return [fault];
  });
  // Stacks that ran at the same time often fail for the same reason.
  const once = [...new Map(found.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
  const waiting = [...ran].filter(([, { state }]) => state === 'not-started').map(([id]) => id);
  if (waiting.length === 0) return once;
  const message = `Not started, since a stack before failed: ${waiting.join(', ')}.`;
  return [...once, { code: 'EP7305', severity: 'notice', message }];
}

async function record(
  aws: Aws,
  report: DeployReport,
  { found, options }: { found: Survey; options: DeployOptions & { caller: string } },
): Promise<Deployed> {
  const { project, environment, digest } = found.release.manifest;
  const content = {
    version: 1 as const,
    project,
    environment,
    manifest: digest,
    at: aws.now().toISOString(),
    who: aws.who,
    caller: options.caller,
    command: options.command,
    plan: found.plan,
    stacks: report.stacks.map(({ id, name, region, outcome }) => ({ id, name, region, outcome })),
  };
  try {
    return { report: { ...report, record: await writeRecord(aws, found.release.manifest, content) }, diagnostics: [] };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    const message = `Everything was deployed, but the record of it could not be written: ${fault.message}`;
    const hint =
      '`edgepass rollback` will not list this deployment. Mend the cause, and deploy again after the next change.';
    return { report, diagnostics: [{ code: 'EP7308', severity: 'warning', message, hint }] };
  }
}
