/**
 * Undoes drift by one drift-aware change set a stack: made, reviewed, confirmed, executed once. One that would undo
 * what the running product does is not executed.
 */
import { randomUUID } from 'node:crypto';
import { type Diagnostic, type Outcome, outcome } from '../report/diagnostic.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import { changeSetRows } from './change-rows.ts';
import { changeSetName, dropChangeSet, executeChangeSet, foreignChangeSets, makeChangeSet } from './change-set.ts';
import type { Aws } from './context.ts';
import { type DriftReport, type StackDrift, stackDrift } from './drift.ts';
import { failureDiagnostic } from './execution.ts';
import { harmless } from './faults.ts';
import { follow } from './follow.ts';
import { joinRows } from './join-rows.ts';
import { readStatus } from './live-stack.ts';
import { withLock } from './lock.ts';
import type { PreviewResource } from './preview-report.ts';
import { placeOf } from './preview-rows.ts';
import { type Release, stackOf } from './release.ts';
import { stackState } from './stack-states.ts';

export interface HealPlan {
  stack: StackDrift;
  /** What the change set would do, by AWS. */
  resources: PreviewResource[];
}

export interface HealOptions {
  /** Asked with what would be executed; not asked when that is nothing. */
  confirm(plans: readonly HealPlan[]): Promise<Outcome<true>>;
  command: string;
}

export interface Healed {
  /** Ids of stacks that are as the template says again. */
  healed: string[];
  plans: HealPlan[];
}

interface Made extends HealPlan {
  api: CloudFormationApi;
  changeSet: string;
}

/** `value` is there as soon as change sets were made, also when something failed. */
export interface HealEnd {
  value?: Healed;
  diagnostics: Diagnostic[];
}

export async function heal(
  aws: Aws,
  { release, report }: { release: Release; report: DriftReport },
  options: HealOptions,
): Promise<HealEnd> {
  const drifted = report.stacks.filter(({ status }) => status === 'drifted');
  const looked = await Promise.all(drifted.map((stack) => plan(aws, stack, release)));
  const diagnostics = looked.flatMap(({ objections }) => objections);
  const made = looked.flatMap((one) => (one.made === undefined ? [] : [one.made]));
  const plans = made.map(({ stack, resources }) => ({ stack, resources }));
  if (made.length === 0) return { value: { healed: [], plans }, diagnostics };
  const confirmed = await options.confirm(plans);
  if (!confirmed.ok) {
    await Promise.all(made.map(({ api, changeSet }) => dropChangeSet(api, changeSet)));
    return { diagnostics: [...diagnostics, ...confirmed.diagnostics] };
  }
  const done = await withLock(aws, { manifest: release.manifest, command: options.command }, async (locked) => {
    const ends = await Promise.all(made.map((one) => execute(locked, one, { release, command: options.command })));
    const healed = made.flatMap(({ stack }, index) => (ends[index]?.length === 0 ? [stack.id] : []));
    const end: HealEnd = { value: { healed, plans }, diagnostics: [...diagnostics, ...ends.flat()] };
    return outcome(end);
  });
  return done.ok ? done.value : done;
}

async function plan(aws: Aws, stack: StackDrift, release: Release): Promise<{ made?: Made; objections: Diagnostic[] }> {
  const api = await aws.clients.cloudFormation(stack.region);
  const { parameters } = await readStatus(aws, stack);
  const foreign = await foreignChangeSets(api, stack.name);
  const made = await makeChangeSet(aws, api, {
    id: stack.id,
    input: {
      StackName: stack.name,
      ChangeSetName: changeSetName({ purpose: 'heal', digest: release.manifest.digest }),
      ChangeSetType: 'UPDATE',
      DeploymentMode: 'REVERT_DRIFT',
      UsePreviousTemplate: true,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Description: `edgepass heals drift in ${release.manifest.environment}`,
      Parameters: Object.keys(parameters).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    },
  });
  const drop = async (...objections: Diagnostic[]): Promise<{ objections: Diagnostic[] }> => {
    await dropChangeSet(api, made.id);
    return { objections };
  };
  if (made.status === 'failed')
    return drop({
      code: 'EP7201',
      severity: 'error',
      message: `AWS makes no change set that undoes the drift of ${stack.id}: ${harmless(made.reason)}`,
      hint: 'Undo the change by hand where it was made, or deploy a template that says it.',
    });
  if (made.status === 'empty') return drop(stillDrifted(stack));
  if (foreign.length > 0)
    return drop({
      code: 'EP7205',
      severity: 'error',
      message: `${stack.id} has change set ${foreign[0]}, which edgepass did not make. Healing would make AWS delete it.`,
      hint: 'Have its owner execute or delete it, then run the command again.',
    });
  const { runtimeOwned, stateful, template } = stackOf(release.manifest, stack.id);
  const resources = joinRows(
    { changeSet: changeSetRows(made.changes), template: [] },
    { stack: { runtimeOwned }, stateful: new Set(stateful), placeOf: placeOf(release, template) },
  );
  const undone = resources.filter(
    ({ id, properties }) =>
      properties.some((property) => property.runtimeOwned) ||
      runtimeOwned.some(({ resource, property }) => resource === id && property === '*'),
  );
  const replaced = resources.filter(({ action, stateful: holds }) => holds && /replace|remove/.test(action));
  if (undone.length === 0 && replaced.length === 0)
    return { made: { stack, resources, api, changeSet: made.id }, objections: [] };
  return drop(
    ...undone.map(({ id, place }) => ownedDiagnostic(stack, { id, ...(place === undefined ? {} : { place }) })),
    ...replaced.map(
      ({ id }): Diagnostic => ({
        code: 'EP7302',
        severity: 'error',
        message: `Healing ${stack.id} would replace ${id}, which holds state. It was not healed.`,
        hint: 'Undo the change by hand where it was made.',
      }),
    ),
  );
}

function ownedDiagnostic(stack: StackDrift, { id, place }: Pick<PreviewResource, 'id' | 'place'>): Diagnostic {
  const because = stack.owned.find(({ resource }) => resource === id)?.because ?? '';
  return {
    code: 'EP7402',
    severity: 'error',
    message:
      `Healing ${stack.id} would undo what the running product wrote to ${id}. ${because} It was not healed.`.replace(
        '  ',
        ' ',
      ),
    hint: 'AWS heals a stack only as a whole. Undo the other changes by hand, where they were made: `edgepass drift` lists them.',
    ...(place === undefined ? {} : { place }),
  };
}

function stillDrifted({ id }: StackDrift): Diagnostic {
  return {
    code: 'EP7403',
    severity: 'error',
    message: `${id} is still drifted: AWS finds nothing in it that a change set can undo.`,
    hint: 'Undo the change by hand where it was made, or write it into the template.',
  };
}

/** Executes once and looks again; what is left is reported and not tried a second time. */
async function execute(
  aws: Aws,
  { stack, api, changeSet }: Made,
  { release, command }: { release: Release; command: string },
): Promise<Diagnostic[]> {
  const token = randomUUID();
  const manifestStack = stackOf(release.manifest, stack.id);
  aws.progress.phase(stack.id, 'changing', 'healing');
  await executeChangeSet(api, { id: stack.id, stack: stack.name, changeSet, token });
  const followed = await follow(aws, {
    id: stack.id,
    stack: stack.name,
    region: stack.region,
    token,
    resume: `edgepass ${command}`,
  });
  if (stackState(followed.status).failed) {
    aws.progress.phase(stack.id, 'failed');
    return [failureDiagnostic({ stack: manifestStack, followed, release })];
  }
  const { status } = await stackDrift(aws, manifestStack, release);
  aws.progress.phase(
    stack.id,
    status === 'in-sync' ? 'done' : 'failed',
    status === 'in-sync' ? 'healed' : 'still drifted',
  );
  return status === 'in-sync' ? [] : [stillDrifted(stack)];
}
