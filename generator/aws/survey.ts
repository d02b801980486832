/**
 * Compares an environment as it stands in AWS with a release: two requests a stack, all at the same time; and one or two for
 * each named resource that a stack would get and that outlives it, since it may be there already.
 */
import { type ManifestStack, sha256 } from '../output/manifest.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Aws } from './context.ts';
import { begunOver } from './import-template.ts';
import type { Kept, KeptSearch } from './kept.ts';
import { type LiveStack, readLiveStack } from './live-stack.ts';
import { type KnownOutputs, type Resolved, resolveParameters, sameParameters } from './parameters.ts';
import type { StackAction } from './preview-report.ts';
import { type Release, textOf } from './release.ts';
import { stackState } from './stack-states.ts';
import type { TemplateChange } from './template-change.ts';

export interface SurveyedStack {
  stack: ManifestStack;
  live: LiveStack;
  action: StackAction;
  /** An operation is going on that ends by itself. */
  busy: boolean;
  blocked?: { message: string; hint: string };
  /** Undefined when the templates say the same. */
  template: TemplateChange | undefined;
  parameters: Resolved;
  /** What an earlier stack kept and this one will have again. */
  kept: Kept[];
  /** Names that something else has (EP7206, EP7207). */
  objections: Diagnostic[];
  /** The stack has nothing yet but what was taken up: what creates the rest is an update. */
  begun: boolean;
  /** Digest of what is deployed now: template and parameters, and what is to be taken up. */
  fingerprint: string;
}

export interface Survey {
  release: Release;
  /** In deployment order. */
  stacks: SurveyedStack[];
  /** Digest of the release and of what it would be deployed over. */
  plan: string;
  changes: boolean;
}

export async function survey(aws: Pick<Aws, 'clients'>, release: Release): Promise<Survey> {
  const { manifest } = release;
  const lives = await Promise.all(manifest.stacks.map((stack) => readLiveStack(aws, stack)));
  const outputs = new Map<string, Readonly<Record<string, string | undefined>> | undefined>();
  const stacks: SurveyedStack[] = [];
  for (const [index, stack] of manifest.stacks.entries()) {
    const found = await surveyStack(aws, stack, { release, live: lives[index] as LiveStack, outputs });
    outputs.set(stack.id, outputsAfter(found));
    stacks.push(found);
  }
  const prints = stacks.map(({ stack, fingerprint }) => [stack.id, fingerprint]);
  return {
    release,
    stacks,
    plan: sha256(JSON.stringify([manifest.digest, prints])),
    changes: stacks.some(({ action }) => action === 'create' || action === 'update'),
  };
}

/** One stack, as it is after something was done to it. */
export async function surveyAgain(
  aws: Pick<Aws, 'clients'>,
  stack: ManifestStack,
  { release, outputs }: { release: Release; outputs: KnownOutputs },
): Promise<SurveyedStack> {
  return surveyStack(aws, stack, { release, live: await readLiveStack(aws, stack), outputs });
}

async function surveyStack(
  aws: Pick<Aws, 'clients'>,
  stack: ManifestStack,
  { release, live, outputs }: { release: Release; live: LiveStack; outputs: KnownOutputs },
): Promise<SurveyedStack> {
  const { manifest } = release;
  const state = live.status === undefined ? undefined : stackState(live.status);
  const exists = state !== undefined && state.kind !== 'absent';
  const parameters = resolveParameters(stack, { manifest, outputs });
  const present = exists ? live.template : undefined;
  const template = await changeOf(stack, { release, live: present });
  const base = {
    stack,
    live,
    busy: state?.kind === 'busy',
    template,
    parameters,
    begun: false,
    kept: [],
    objections: [],
  };
  if (exists && state.kind !== 'ready') {
    const at = { name: stack.name, region: stack.region, environment: manifest.environment };
    const message = `${stack.id} is ${live.status}. ${state.meaning}`;
    const blocked = { message, hint: state.advice(at) };
    return { ...base, action: 'blocked', blocked, fingerprint: fingerprint(live, { exists, kept: [] }) };
  }
  const { kept, objections } = await keptFor(aws, stack, { release, template, live: present });
  const changes = template !== undefined || parametersChange(stack, { live, parameters });
  const action = exists ? (changes ? 'update' : 'none') : 'create';
  return {
    ...base,
    begun: exists && begunOver(live.template) !== undefined,
    kept,
    objections,
    action: objections.length > 0 ? 'blocked' : action,
    fingerprint: fingerprint(live, { exists, kept }),
  };
}

/** Only what the stack would get can be there already. */
async function keptFor(
  aws: Pick<Aws, 'clients'>,
  stack: ManifestStack,
  { release, template, live }: { release: Release; template: TemplateChange | undefined; live: string | undefined },
): Promise<KeptSearch> {
  const gets = template?.change?.resources.some(({ change }) => change === 'added') ?? false;
  if (!gets) return { kept: [], objections: [] };
  const { findKept } = await import('./kept.ts');
  return findKept(aws, stack, { release, live });
}

/** What compares takes longer to load than everything else takes: the same text needs no comparing. */
async function changeOf(
  stack: ManifestStack,
  sides: { release: Release; live: string | undefined },
): Promise<TemplateChange | undefined> {
  if (textOf(sides.release, stack.template) === sides.live) return undefined;
  const { templateChange } = await import('./template-change.ts');
  return templateChange(stack, sides);
}

/** Whether a parameter gets, or may get, another value. */
export function parametersChange(
  stack: ManifestStack,
  { live, parameters }: { live: LiveStack; parameters: Resolved },
): boolean {
  const pending = Object.keys(parameters.unknown);
  if (pending.length > 0) return true;
  // A parameter of the template that nothing gives a value keeps its default, which AWS reports as a value.
  const open = Object.entries(stack.parameters).filter(([name]) => !Object.hasOwn(parameters.values, name));
  const kept = Object.fromEntries(open.map(([name]) => [name, live.parameters[name] ?? '']));
  return !sameParameters({ ...kept, ...parameters.values }, live.parameters);
}

/** What consumers may count on. */
function outputsAfter({
  action,
  live,
  template,
  stack,
}: SurveyedStack): Record<string, string | undefined> | undefined {
  if (action === 'create') return undefined;
  const changing = action === 'update' ? (template?.outputs ?? new Set(Object.keys(stack.outputs))) : new Set<string>();
  return Object.fromEntries(Object.entries(live.outputs).filter(([id]) => !changing.has(id)));
}

function fingerprint(live: LiveStack, { exists, kept }: { exists: boolean; kept: readonly Kept[] }): string {
  // Still the deployment that began with taking things up.
  const over = exists ? begunOver(live.template) : undefined;
  if (over !== undefined) return over;
  const now = exists ? sha256(JSON.stringify(templateAndValues(live))) : 'none';
  if (kept.length === 0) return now;
  return sha256(JSON.stringify([now, kept.map(({ resource, thing }) => [resource, thing.physicalId])]));
}

function templateAndValues({ template, parameters }: LiveStack): unknown[] {
  const values = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return [template === undefined ? null : sha256(template), values];
}
