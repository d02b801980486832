/**
 * Whether a SHA-256 digest and a value of any length are equal, in time that does not depend on where they differ: the runtime
 * has no `timingSafeEqual`, so eight words are XORed and nothing is decided before the last.
 */
export function sameBytes(digest: Buffer, value: Buffer): boolean {
  if (value.length !== 32) return false;
  const left = new Int32Array(digest.buffer, digest.byteOffset, 8);
  const right = new Int32Array(value.buffer, value.byteOffset, 8);
  let difference = 0;
  for (let i = 8; i--; ) difference |= (left[i] as number) ^ (right[i] as number);
  return difference === 0;
}
