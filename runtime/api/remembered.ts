/** A value that is read again when it is older than so many milliseconds; callers at the same time share one read. */
export function remembered<T>(
  read: () => Promise<T>,
  { age, now = Date.now }: { age: number; now?: () => number },
): () => Promise<T> {
  let known: { value: Promise<T>; at: number } | undefined;
  return () => {
    const time = now();
    // A clock that went back makes it old.
    if (known !== undefined && time >= known.at && time - known.at < age) return known.value;
    const value = read();
    known = { value, at: time };
    value.catch(() => {
      if (known?.value === value) known = undefined;
    });
    return value;
  };
}
