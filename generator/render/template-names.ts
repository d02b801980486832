/** Compares what the templates of a module read with what its view has, in one environment. */

import type { Json } from '../modules/contract.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { nearest } from '../report/nearest.ts';
import type { ViewReference } from './lint-log.ts';
import { memo } from './memo.ts';
import { joinPath, ownMember } from './view-path.ts';

/** References that the view cannot answer, in branches not taken too; item members must be in every item. */
export function checkNames(references: readonly ViewReference[], view: Json): Diagnostic[] {
  return references.flatMap((reference) => {
    const problem = firstProblem({ reference, value: view, depth: 0, at: '' });
    if (!problem) return [];
    return [{ code: 'EP4004' as const, severity: 'error' as const, ...problem, place: reference.place }];
  });
}

interface Step {
  reference: ViewReference;
  value: Json;
  /** How many names of the path led to `value`. */
  depth: number;
  /** Concrete path of `value`, with the index or key of items. */
  at: string;
}

type Problem = { message: string; hint: string };

function firstProblem({ reference, value, depth, at }: Step): Problem | undefined {
  const { path, use } = reference;
  const name = path[depth];
  const isCollection = value !== null && typeof value === 'object';
  if (name === undefined) {
    if (use !== 'each' || isCollection || isGuarded(reference, depth)) return undefined;
    return {
      message: `${at} is neither a list nor a map`,
      hint: 'Let view() give an empty list where there is nothing.',
    };
  }
  if (name === '*') {
    for (const [key, item] of isCollection ? Object.entries(value) : []) {
      const itemName = Array.isArray(value) ? Number(key) : key;
      const problem = firstProblem({ reference, value: item, depth: depth + 1, at: joinPath(at, itemName) });
      if (problem) return problem;
    }
    return undefined;
  }
  const next = ownMember(value, name);
  if (next !== undefined) return firstProblem({ reference, value: next, depth: depth + 1, at: joinPath(at, name) });
  if (!isCollection && isGuarded(reference, depth)) return undefined;
  const members = isCollection ? Object.keys(value) : [];
  const meant = nearest(name, members);
  return {
    message: `The view has no ${joinPath(at, name)}`,
    hint: meant
      ? `Did you mean ${joinPath(at, meant)}?`
      : members.length > 0
        ? `${at || 'The view'} has ${members.join(', ')}.`
        : `Let view() return it; null or false where there is nothing.`,
  };
}

/** Whether the reference stands inside an `#if` of the first `depth` names of its path. */
function isGuarded({ path, guards }: ViewReference, depth: number): boolean {
  const start = path.slice(0, depth).join('\n');
  return guards.some((guard) => guard.join('\n') === start);
}

/** How the templates use a member of the view. */
interface Usage {
  whole: boolean;
  members: Map<string, Usage>;
}

/** Members of the view (at any depth) that no reference reads. */
export function unusedMembers(references: readonly ViewReference[], view: { [name: string]: Json }): string[] {
  const root: Usage = { whole: false, members: new Map() };
  for (const { path, use } of references) {
    let usage: Usage = root;
    for (const name of path) {
      usage = memo<string, Usage>(usage.members, { key: name, make: () => ({ whole: false, members: new Map() }) });
    }
    if (use === 'insert') usage.whole = true;
  }
  const unused = new Set<string>();
  collectUnused({ value: view, usage: root, at: '', unused });
  return [...unused];
}

function collectUnused({
  value,
  usage,
  at,
  unused,
}: {
  value: Json;
  usage: Usage;
  at: string;
  unused: Set<string>;
}): void {
  if (usage.whole || value === null || typeof value !== 'object') return;
  // Only tested, or looped over without a look at the items: that is a use.
  if (usage.members.size === 0 && at !== '') return;
  const items = usage.members.get('*');
  for (const [name, member] of Object.entries(value)) {
    const path = items ? `${at}.*` : joinPath(at, name);
    const used = usage.members.get(name) ?? items;
    if (used) collectUnused({ value: member, usage: used, at: path, unused });
    else unused.add(path);
  }
}
