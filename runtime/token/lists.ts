// Loops count down and ask for a length once: at the edge every comparison and every member that is read costs.

/** Whether there is a list and it holds every one of these. */
export function holdsAll(list: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (!list) return false;
  let i = wanted.length;
  while (i--) if (list.indexOf(wanted[i] as string) < 0) return false;
  return true;
}

/** Length of the longest of these prefixes that a path starts with; 0 when it starts with none. */
export function longestPrefix(path: string, prefixes: readonly string[]): number {
  let longest = 0;
  let i = prefixes.length;
  while (i--) {
    const prefix = prefixes[i] as string;
    if (path.startsWith(prefix) && prefix.length > longest) longest = prefix.length;
  }
  return longest;
}

/** Whether one of these prefixes starts with one of the others. */
export function reachesInto(prefixes: readonly string[], others: readonly string[]): boolean {
  return prefixes.some((prefix) => longestPrefix(prefix, others));
}
