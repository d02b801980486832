/** Remembers what was read for some time, so that what changes is noticed and not every viewer waits. */
export interface KeptOptions<T> {
  read(): Promise<T>;
  /** Seconds. */
  age: number;
  /** Seconds since 1970. */
  now(): number;
}

/** Who asks at the same time shares a read; one that failed is not remembered. */
export function kept<T>({ read, age, now }: KeptOptions<T>): () => Promise<T> {
  let last: { value: Promise<T>; at: number } | undefined;
  return () => {
    if (last !== undefined && now() - last.at < age) return last.value;
    const value = read();
    const mine = { value, at: now() };
    last = mine;
    value.catch(() => {
      if (last === mine) last = undefined;
    });
    return value;
  };
}
