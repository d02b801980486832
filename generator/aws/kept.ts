/**
 * What an earlier stack kept and a new one has to take up again: resources with a name of their own that outlive their
 * stack. Whether one is there AWS is asked by name; whether it is ours its tags say, which every resource of edgepass has.
 */
import { readTemplate, type Template } from '../diff/template.ts';
import type { Json } from '../modules/contract.ts';
import type { Manifest, ManifestStack } from '../output/manifest.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Aws } from './context.ts';
import { faultOf, harmless } from './faults.ts';
import { KEPT_TYPES, type KeptType, type Thing } from './kept-types.ts';
import { describeStack } from './live-stack.ts';
import { placeOf } from './preview-rows.ts';
import type { Release } from './release.ts';
import { isKept } from './template-change.ts';

type JsonMap = { [name: string]: Json };

/** A resource of the new template that exists already, and is the environment's own. */
export interface Kept {
  /** Logical id. */
  resource: string;
  type: string;
  name: string;
  thing: Thing;
}

export interface KeptSearch {
  kept: Kept[];
  /** Names that are taken by something that may not be taken up (EP7206, EP7207). */
  objections: Diagnostic[];
}

export interface KeptOptions {
  release: Release;
  /** Template of the stack as it is; absent before the first creation. */
  live: string | undefined;
}

export async function findKept(
  aws: Pick<Aws, 'clients'>,
  stack: ManifestStack,
  { release, live }: KeptOptions,
): Promise<KeptSearch> {
  const looked = await Promise.all(
    wanted(stack, { release, live }).map(async (one): Promise<Kept | Diagnostic | undefined> => {
      const thing = await one.kind.find(aws, { name: one.name, region: stack.region });
      if (thing === undefined) return undefined;
      const objection = await objectionTo(aws, { ...one, thing }, { stack, release });
      return objection ?? { resource: one.resource, type: one.type, name: one.name, thing };
    }),
  );
  const kept: Kept[] = [];
  const objections: Diagnostic[] = [];
  for (const one of looked) {
    if (one === undefined) continue;
    if ('code' in one) objections.push(one);
    else kept.push(one);
  }
  return { kept, objections };
}

interface Wanted {
  resource: string;
  type: string;
  kind: KeptType;
  name: string;
}

/**
 * Resources that the stack does not have yet, outlive it, and have a name that the template states. One with a condition
 * is left out: whether it is wanted only CloudFormation knows. So is one that the stack has under another logical id.
 */
function wanted(stack: ManifestStack, { release, live }: KeptOptions): Wanted[] {
  const { Resources: present = {} } = live === undefined ? {} : templateIn(stack, live);
  const { Resources = {} } = readTemplate(stack, release);
  const names = new Set(Object.values(present).flatMap((definition) => nameOf(definition)?.key ?? []));
  return Object.entries(Resources).flatMap(([resource, definition]): Wanted[] => {
    if (Object.hasOwn(present, resource) || !isKept(definition)) return [];
    const named = nameOf(definition);
    if (named === undefined || names.has(named.key) || (definition as JsonMap).Condition !== undefined) return [];
    return [{ resource, ...named }];
  });
}

function nameOf(definition: Json): (Omit<Wanted, 'resource'> & { key: string }) | undefined {
  const { Type, Properties = {} } = definition as JsonMap;
  const type = String(Type);
  const kind = Object.hasOwn(KEPT_TYPES, type) ? KEPT_TYPES[type] : undefined;
  const name = (Properties as JsonMap)[kind?.named ?? ''];
  if (kind === undefined || typeof name !== 'string') return undefined;
  return { type, kind, name, key: `${type} ${name}` };
}

export function templateIn(stack: ManifestStack, text: string): Template {
  return readTemplate(stack, { files: new Map([[stack.template, Buffer.from(text)]]) });
}

interface Around {
  stack: ManifestStack;
  release: Release;
}

async function objectionTo(
  aws: Pick<Aws, 'clients'>,
  found: Wanted & { thing: Thing },
  { stack, release }: Around,
): Promise<Diagnostic | undefined> {
  const { kind, name, resource, thing } = found;
  const { environment, project } = release.manifest;
  const place = placeOf(release, stack.template)(resource);
  const says = (rest: Pick<Diagnostic, 'code' | 'message' | 'hint'>): Diagnostic => ({
    severity: 'error',
    environment,
    ...rest,
    ...(place === undefined ? {} : { place }),
  });
  const goOn = `\`edgepass deploy --env ${environment}\` then goes on.`;
  if (thing.leaving !== undefined)
    return says({
      code: 'EP7207',
      message: `${kind.noun} ${name} ${thing.leaving.how}, and ${resource} (${stack.id}) has that name.`,
      hint: `${thing.leaving.hint} ${goOn}`,
    });
  const own = ownTags(release.manifest);
  const wrong = Object.entries(own).filter(([key, value]) => thing.tags[key] !== value);
  if (wrong.length > 0) {
    const is = wrong.map(
      ([key]) => `${key} ${thing.tags[key] === undefined ? 'is missing' : `is "${thing.tags[key]}"`}`,
    );
    return says({
      code: 'EP7206',
      message: `${kind.noun} ${name} exists, and is not of environment ${environment} of ${project} (${harmless(is.join(', '))}): ${resource} (${stack.id}) cannot have its name.`,
      hint: `Nothing was changed. If it is somebody else's, remove or rename it, or choose another project name. If it is yours to take over, say so with \`${kind.tagging(thing, own)}\`; ${goOn}`,
    });
  }
  const owner = await livingOwner(aws, { thing, stack });
  if (owner === undefined) return undefined;
  return says({
    code: 'EP7206',
    message: `${kind.noun} ${name} belongs to stack ${owner}, and ${resource} (${stack.id}) has that name.`,
    hint: `Nothing was changed. A resource is in one stack only: take it out of the other stack first, where it is kept when its DeletionPolicy is Retain. ${goOn}`,
  });
}

/** Tags that say whose a resource is. */
function ownTags({ project, environment }: Pick<Manifest, 'project' | 'environment'>): Record<string, string> {
  return { 'edgepass:project': project, 'edgepass:environment': environment };
}

/**
 * Name of another stack that has it. CloudFormation tags what it makes with the id of the stack, and the tag stays when the
 * stack goes, so the stack itself is asked for. Where the tag is missing or the stack may not be read, the import tells: it
 * is refused for what "already exists in stack". Source: CloudFormation Template Reference, "Resource tag";
 * CloudFormation User Guide, "Import AWS resources into a CloudFormation stack manually": a resource is in one stack only.
 */
async function livingOwner(
  { clients }: Pick<Aws, 'clients'>,
  { thing, stack }: { thing: Thing; stack: ManifestStack },
): Promise<string | undefined> {
  const id = thing.tags['aws:cloudformation:stack-id'];
  if (id === undefined || id === '') return undefined;
  const api = await clients.cloudFormation(stack.region);
  try {
    const owner = await describeStack(api, id);
    if (owner === undefined || owner.StackStatus === 'DELETE_COMPLETE' || owner.StackName === stack.name)
      return undefined;
    return owner.StackName;
  } catch (error) {
    if (faultOf(error)?.code === 'EP7014') return undefined;
    throw error;
  }
}
