/** Compares the template a stack has with the one it would get, by the same functions as `edgepass diff`. */
import type { StackChange } from '../diff/change-report.ts';
import { compareStacks } from '../diff/compare-stacks.ts';
import { readTemplate, type Template } from '../diff/template.ts';
import { sameJson } from '../diff/value-changes.ts';
import type { Json } from '../modules/contract.ts';
import type { ManifestStack, OutputTree } from '../output/manifest.ts';
import { type Owned, ownedChanges } from './owned.ts';
import type { Release } from './release.ts';

export interface TemplateChange {
  /** Undefined when nothing differs that is ours to change. */
  change: StackChange | undefined;
  /** Owned by the running product and different in the new template. */
  owned: Owned;
  /** Logical ids that hold state: those declared, and those protected from deletion on either side. */
  stateful: ReadonlySet<string>;
  /** Logical ids of outputs that may have another value afterwards. */
  outputs: ReadonlySet<string>;
}

/** Undefined when both say the same, whatever their text. */
export async function templateChange(
  stack: ManifestStack,
  { release, live }: { release: Release; live: string | undefined },
): Promise<TemplateChange | undefined> {
  const fresh: OutputTree = {
    environment: release.manifest.environment,
    files: release.files,
    manifest: release.manifest,
  };
  const old: OutputTree = {
    environment: fresh.environment,
    files: new Map([[stack.template, Buffer.from(live ?? '')]]),
    manifest: { ...release.manifest, stacks: live === undefined ? [] : [stack], functions: [] },
  };
  const templates = { old: live === undefined ? {} : readTemplate(stack, old), new: readTemplate(stack, fresh) };
  if (sameJson(templates.old, templates.new)) return undefined;
  const [change] = await compareStacks({
    old,
    new: { ...fresh, manifest: { ...release.manifest, stacks: [stack] } },
  });
  return {
    change,
    owned: ownedChanges(stack.runtimeOwned, templates),
    stateful: statefulIds(stack, templates),
    outputs: changingOutputs(templates, change),
  };
}

/** A removed resource is in no list any more; that it was protected from deletion still says what it was. */
function statefulIds({ stateful }: ManifestStack, { old, new: fresh }: { old: Template; new: Template }): Set<string> {
  const ids = new Set(stateful);
  for (const resources of [old.Resources, fresh.Resources])
    for (const [id, resource] of Object.entries(resources ?? {})) if (isKept(resource)) ids.add(id);
  return ids;
}

export function isKept(resource: Json): boolean {
  if (resource === null || typeof resource !== 'object' || Array.isArray(resource)) return false;
  return /^(Retain|RetainExceptOnCreate|Snapshot)$/.test(String(resource.DeletionPolicy));
}

/** Of another text, or of a resource that is made anew. */
function changingOutputs(
  { old, new: fresh }: { old: Template; new: Template },
  change: StackChange | undefined,
): Set<string> {
  const anew = (change?.resources ?? [])
    .filter((resource) => ['added', 'replaced', 'maybe-replaced'].includes(resource.change))
    .map(({ id }) => id);
  const outputs = Object.entries(fresh.Outputs ?? {}).filter(([id, output]) => {
    if (!sameJson(old.Outputs?.[id], output)) return true;
    const text = JSON.stringify(output);
    return anew.some((resource) => new RegExp(`["{]${resource}["}.]`).test(text));
  });
  return new Set(outputs.map(([id]) => id));
}
