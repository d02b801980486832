/** Compares the stacks of two outputs of one environment. */
import type { ManifestStack, OutputTree } from '../output/manifest.ts';
import type { Change, StackChange } from './change-report.ts';
import { type CodeNames, codeNames } from './code-names.ts';
import { compareTemplates } from './compare-templates.ts';
import { withoutOwned } from './runtime-owned.ts';
import { readTemplate, type Template } from './template.ts';

type Sides<T> = { old: T | undefined; new: T | undefined };

/** In deployment order, removed stacks last. */
export async function compareStacks(trees: Sides<OutputTree>): Promise<StackChange[]> {
  const stacks = { old: trees.old?.manifest.stacks ?? [], new: trees.new?.manifest.stacks ?? [] };
  const ids = new Set([...stacks.new, ...stacks.old].map(({ id }) => id));
  const nameCode = codeNames([trees.old, trees.new]);
  const changes: StackChange[] = [];
  for (const id of ids) {
    const sides = { old: stacks.old.find((s) => s.id === id), new: stacks.new.find((s) => s.id === id) };
    const change = await compareStack({ sides, trees, nameCode });
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

interface Compared {
  sides: Sides<ManifestStack>;
  trees: Sides<OutputTree>;
  nameCode: CodeNames;
}

async function compareStack({ sides, trees, nameCode }: Compared): Promise<StackChange | undefined> {
  const stack = sides.new ?? sides.old;
  if (stack === undefined) return undefined;
  const change: Change = sides.old === undefined ? 'added' : sides.new === undefined ? 'removed' : 'changed';
  const owned = change === 'changed' ? stack.runtimeOwned : [];
  const side = (of: 'old' | 'new'): Template => {
    const [found, tree] = [sides[of], trees[of]];
    return found === undefined || tree === undefined ? {} : withoutOwned(readTemplate(found, tree), owned);
  };
  const sources = { old: sides.old?.parameters ?? {}, new: sides.new?.parameters ?? {} };
  const content = await compareTemplates({ old: side('old'), new: side('new'), sources, nameCode });
  if (change === 'changed' && Object.values(content).every((list) => list.length === 0)) return undefined;
  return { id: stack.id, name: stack.name, region: stack.region, change, ...content };
}
