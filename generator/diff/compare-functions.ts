/** Function code, apart from templates: what ships, and for edge functions the settings inside the text. */
import type { Manifest, OutputTree } from '../output/manifest.ts';
import type { FunctionChange, ShippedCode } from './change-report.ts';
import { splitSettings } from './edge-settings.ts';
import { valueChanges } from './value-changes.ts';

type Sides<T> = { old: T | undefined; new: T | undefined };
type ManifestFunction = Manifest['functions'][number];

export function compareFunctions(trees: Sides<OutputTree>): FunctionChange[] {
  const [old, fresh] = [byId(trees.old), byId(trees.new)];
  return [...new Set([...fresh.keys(), ...old.keys()])].flatMap((id): FunctionChange[] => {
    const sides = { old: old.get(id), new: fresh.get(id) };
    const fn = sides.new ?? sides.old;
    if (fn === undefined || sides.old?.sha256 === sides.new?.sha256) return [];
    const shipped = {
      ...(sides.old && { old: shippedCode(sides.old, trees.old) }),
      ...(sides.new && { new: shippedCode(sides.new, trees.new) }),
    };
    const base = { id, kind: fn.kind, ...shipped };
    if (sides.old === undefined) return [{ ...base, change: 'added', code: true, settings: [] }];
    if (sides.new === undefined) return [{ ...base, change: 'removed', code: true, settings: [] }];
    return [{ ...base, change: 'changed', ...inside(trees, { old: sides.old, new: sides.new }) }];
  });
}

function inside(
  trees: Sides<OutputTree>,
  { old, new: fresh }: { old: ManifestFunction; new: ManifestFunction },
): Pick<FunctionChange, 'code' | 'settings'> {
  if (old.kind !== 'edge-function' || fresh.kind !== 'edge-function') return { code: true, settings: [] };
  const [before, after] = [splitSettings(textOf(old, trees.old)), splitSettings(textOf(fresh, trees.new))];
  return {
    code: before.code !== after.code,
    settings: valueChanges({ old: before.settings, new: after.settings }),
  };
}

function byId(tree: OutputTree | undefined): Map<string, ManifestFunction> {
  return new Map(tree?.manifest.functions.map((fn) => [fn.id, fn]));
}

function shippedCode({ sha256, file }: ManifestFunction, tree: OutputTree | undefined): ShippedCode {
  return { sha256, size: tree?.files.get(file)?.length ?? 0 };
}

function textOf({ file }: ManifestFunction, tree: OutputTree | undefined): string {
  return new TextDecoder().decode(tree?.files.get(file));
}
