/** Compares what two states of a project generate. Pure: trees in, report out; nothing is read, written or asked. */
import type { Manifest, ManifestStack } from '../output/manifest.ts';
import type { ChangeReport, ChangeWarning, EnvironmentChange, StackChange, ValueChange } from './change-report.ts';
import { compareFunctions } from './compare-functions.ts';
import { compareStacks } from './compare-stacks.ts';
import type { Side } from './side.ts';
import { valueChanges } from './value-changes.ts';

/** Environments in the order of the new side, removed ones last. */
export async function compare(old: readonly Side[], fresh: readonly Side[]): Promise<ChangeReport> {
  const names = new Set([...fresh, ...old].map(({ tree }) => tree.environment));
  const environments: EnvironmentChange[] = [];
  for (const name of names) {
    const ofName = ({ tree }: Side): boolean => tree.environment === name;
    const change = await compareEnvironment(name, { old: old.find(ofName), new: fresh.find(ofName) });
    if (change !== undefined) environments.push(change);
  }
  return { environments };
}

interface Sides {
  old: Side | undefined;
  new: Side | undefined;
}

async function compareEnvironment(name: string, sides: Sides): Promise<EnvironmentChange | undefined> {
  const manifests = { old: sides.old?.tree.manifest, new: sides.new?.tree.manifest };
  const lowered = loweredLifetimes(sides);
  // The digest covers every file, so most environments need no closer look.
  if (manifests.old?.digest === manifests.new?.digest && lowered.length === 0) return undefined;
  const stacks = await compareStacks({ old: sides.old?.tree, new: sides.new?.tree });
  const functions = compareFunctions({ old: sides.old?.tree, new: sides.new?.tree });
  const values = manifests.old && manifests.new ? environmentValues(manifests.old, manifests.new) : [];
  const warnings = [...moved(manifests), ...lostState(stacks, manifests), ...lowered];
  const change = manifests.old === undefined ? 'added' : manifests.new === undefined ? 'removed' : 'changed';
  // What differs may be only what the running product owns.
  const nothing = stacks.length + functions.length + values.length + warnings.length === 0;
  return change === 'changed' && nothing ? undefined : { name, change, values, stacks, functions, warnings };
}

function environmentValues(old: Manifest, fresh: Manifest): ValueChange[] {
  const pick = ({ account, region, protected: isProtected, format, tags }: Manifest) => ({
    account,
    region,
    protected: isProtected,
    format,
    tags,
  });
  return valueChanges({ old: pick(old), new: pick(fresh) });
}

interface Manifests {
  old: Manifest | undefined;
  new: Manifest | undefined;
}

/** Another account, Region or name is another stack for CloudFormation: the old one stays as it is, with all it holds. */
function moved({ old, new: fresh }: Manifests): ChangeWarning[] {
  if (old === undefined || fresh === undefined) return [];
  const place = (manifest: Manifest, { name, region }: ManifestStack): string =>
    `${name} (account ${manifest.account}, ${region})`;
  return fresh.stacks.flatMap((stack): ChangeWarning[] => {
    const before = old.stacks.find(({ id }) => id === stack.id);
    if (before === undefined) return [];
    const [from, to] = [place(old, before), place(fresh, stack)];
    if (from === to) return [];
    return [{ kind: 'stack-moved', message: `${stack.id} becomes a new stack ${to}; ${from} stays behind.` }];
  });
}

/** Resources that either side declares to hold state, and that the change takes out of use. */
function lostState(stacks: readonly StackChange[], { old, new: fresh }: Manifests): ChangeWarning[] {
  return stacks.flatMap(({ id, resources }) => {
    const of = (manifest: Manifest | undefined) => manifest?.stacks.find((s) => s.id === id)?.stateful ?? [];
    const stateful = new Set([...of(old), ...of(fresh)]);
    return resources
      .filter(
        (resource) => stateful.has(resource.id) && ['removed', 'replaced', 'maybe-replaced'].includes(resource.change),
      )
      .map((resource): ChangeWarning => {
        const what = { removed: 'is removed', replaced: 'is replaced' }[resource.change as string] ?? 'may be replaced';
        const fate = resource.retained ? 'It stays in the account, unused.' : 'What it holds is lost.';
        return { kind: 'state-lost', message: `${resource.id} (${id}) holds state and ${what}. ${fate}` };
      });
  });
}

function loweredLifetimes({ old, new: fresh }: Sides): ChangeWarning[] {
  return [...(fresh?.lifetimes ?? [])].flatMap(([stream, seconds]): ChangeWarning[] => {
    const before = old?.lifetimes?.get(stream);
    if (before === undefined || before <= seconds) return [];
    const message = `Stream ${stream}: tokens may be ${seconds} s old instead of ${before} s. The edge refuses live tokens that are older.`;
    return [{ kind: 'lifetime-lowered', message }];
  });
}
