/** Deletes the stacks of an environment, last first. What is protected from deletion stays, and is listed before. */
import { randomUUID } from 'node:crypto';
import { readTemplate } from '../diff/template.ts';
import type { Manifest, ManifestStack } from '../output/manifest.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { Aws } from './context.ts';
import { faultOf, harmless } from './faults.ts';
import { follow } from './follow.ts';
import { type LiveStack, readLiveStack } from './live-stack.ts';
import { withLock } from './lock.ts';
import { reversed, runInOrder } from './order.ts';
import { placeOf } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { stackState } from './stack-states.ts';
import { isKept } from './template-change.ts';

export interface DestroyPlan {
  environment: string;
  account: string;
  /** In the order of deletion. */
  stacks: { id: string; name: string; region: string; status: string; retained: { id: string; type: string }[] }[];
}

export interface DestroyOptions {
  /** Also a protected environment. */
  allowProtected: boolean;
  confirm(plan: DestroyPlan): Promise<Outcome<true>>;
  command: string;
}

export interface Destroyed {
  environment: string;
  stacks: (DestroyPlan['stacks'][number] & { outcome: 'deleted' | 'failed' | 'not-started' })[];
}

interface Doomed {
  id: string;
  dependsOn: readonly string[];
  stack: ManifestStack;
  live: LiveStack;
}

/** Faults: EP7013, EP7021, EP7203, EP7303, EP7502, EP7503, EP7504. */
export async function destroy(
  aws: Aws,
  release: Release,
  options: DestroyOptions,
): Promise<{ value?: Destroyed; diagnostics: Diagnostic[] }> {
  const { manifest } = release;
  const caller = await guardAccount(aws, manifest);
  if (!caller.ok) return caller;
  if (manifest.protected && !options.allowProtected) return failed(isProtected(manifest.environment));
  const { doomed, plan } = await planned(aws, manifest);
  const objections = doomed.flatMap((one) => objectionsTo(one, manifest.environment));
  if (objections.length > 0) return { diagnostics: objections };
  if (doomed.length === 0) return { value: { environment: manifest.environment, stacks: [] }, diagnostics: [] };
  const confirmed = await options.confirm(plan);
  if (!confirmed.ok) return confirmed;
  const done = await withLock(aws, { manifest, command: options.command }, async (locked) => {
    // While somebody thought about it, somebody else may have deployed.
    const now = await planned(locked, manifest);
    if (JSON.stringify(now.plan) !== JSON.stringify(plan)) return failed(hasChanged(manifest.environment));
    const ran = await runInOrder(doomed, (one) => remove(locked, one, { release, command: options.command }));
    const stacks = plan.stacks.map((row) => {
      const state = ran.get(row.id)?.state ?? 'not-started';
      return { ...row, outcome: state === 'done' ? ('deleted' as const) : state };
    });
    const diagnostics = [...ran.values()].flatMap((end) => (end.state === 'failed' ? diagnosticsOf(end.error) : []));
    return outcome({ value: { environment: manifest.environment, stacks }, diagnostics: [...diagnostics] });
  });
  return done.ok ? done.value : done;
}

async function planned(aws: Aws, manifest: Manifest): Promise<{ doomed: Doomed[]; plan: DestroyPlan }> {
  const lives = await Promise.all(manifest.stacks.map((stack) => readLiveStack(aws, stack)));
  const all = manifest.stacks.map(
    (stack, index): Doomed => ({ id: stack.id, dependsOn: stack.dependsOn, stack, live: lives[index] as LiveStack }),
  );
  const doomed = reversed(all).filter(({ live }) => live.status !== undefined && live.status !== 'DELETE_COMPLETE');
  const stacks = doomed.map(({ stack: { id, name, region }, stack, live }) => ({
    id,
    name,
    region,
    status: live.status ?? '',
    retained: retainedIn(stack, live),
  }));
  return { doomed, plan: { environment: manifest.environment, account: manifest.account, stacks } };
}

async function remove(
  aws: Aws,
  { stack, live }: Doomed,
  { release, command }: { release: Release; command: string },
): Promise<void> {
  const api = await aws.clients.cloudFormation(stack.region);
  const arn = live.stackId ?? stack.name;
  const going = live.status === 'DELETE_IN_PROGRESS';
  const token = going ? undefined : randomUUID();
  aws.progress.phase(stack.id, 'changing', 'deleting');
  // By ARN: a stack of the same name that somebody makes meanwhile is not ours to delete.
  if (token !== undefined) await api.deleteStack({ StackName: arn, ClientRequestToken: token });
  const followed = await follow(aws, {
    id: stack.id,
    stack: arn,
    region: stack.region,
    resume: `edgepass ${command}`,
    ...(token === undefined ? {} : { token }),
  });
  if (followed.status === 'DELETE_COMPLETE') return aws.progress.phase(stack.id, 'done', 'deleted');
  aws.progress.phase(stack.id, 'failed');
  const { failure, status } = followed;
  const place = failure === undefined ? undefined : placeOf(release, stack.template)(failure.resource);
  const at = { name: stack.name, region: stack.region, environment: release.manifest.environment };
  throw new Refusal({
    code: 'EP7503',
    severity: 'error',
    message: `${stack.id} could not be deleted.${failure === undefined ? '' : ` ${failure.resource} (${failure.type}): ${harmless(failure.reason ?? 'AWS gives no reason')}`}`,
    hint: stackState(status).advice(at),
    ...(place === undefined ? {} : { place }),
  });
}

function retainedIn(stack: ManifestStack, { template }: LiveStack): { id: string; type: string }[] {
  if (template === undefined) return [];
  const files = new Map([[stack.template, Buffer.from(template)]]);
  const { Resources = {} } = readTemplate(stack, { files });
  return Object.entries(Resources).flatMap(([id, resource]) =>
    isKept(resource) ? [{ id, type: String((resource as { Type?: unknown }).Type) }] : [],
  );
}

function objectionsTo({ stack, live }: Doomed, environment: string): Diagnostic[] {
  const { deletable, meaning, advice } = stackState(live.status ?? '');
  const at = { name: stack.name, region: stack.region, environment };
  if (live.terminationProtection)
    return [
      {
        code: 'EP7504',
        severity: 'error',
        message: `${stack.id} has termination protection. Nothing was changed.`,
        hint: `When you are sure: \`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name} --region ${stack.region}\``,
      },
    ];
  if (deletable) return [];
  return [
    { code: 'EP7203', severity: 'error', message: `${stack.id} is ${live.status}. ${meaning}`, hint: advice(at) },
  ];
}

function isProtected(environment: string): Diagnostic {
  return {
    code: 'EP7502',
    severity: 'error',
    message: `Environment ${environment} is protected. Nothing was changed.`,
    hint: 'When you are sure: --protected, together with --confirm.',
    environment,
  };
}

function hasChanged(environment: string): Diagnostic {
  return {
    code: 'EP7303',
    severity: 'error',
    message: `The stacks of ${environment} have changed since they were listed. Nothing was changed.`,
    hint: 'Run it again, and look at the list that it prints now.',
    environment,
  };
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof Refusal) return error.diagnostics;
  const fault = faultOf(error);
  if (fault === undefined) throw error;
  return [fault];
}
