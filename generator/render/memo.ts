/** The entry of a map, made when it is asked for first. */
export function memo<K, V>(map: Map<K, V>, { key, make }: { key: K; make: () => V }): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
