/** Values by name, in order. A map, so that a header called `__proto__` is just a name. */
export function byName(pairs: Iterable<readonly [name: string, value: string]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}
