/** Digest and signature side by side, as bytes and as words; both halves are written before they are read. */
const bytes = Buffer.alloc(64);
const words = new Int32Array(bytes.buffer, bytes.byteOffset, 16);

/**
 * Whether a text is the base64url of a SHA-256 digest, in time that does not depend on where they differ: the runtime has
 * no `timingSafeEqual`, so eight words are XORed and nothing is decided before the last.
 */
export function isDigest(digest: Buffer, text: string): boolean {
  // Whatever a runtime may give for a digest one day: what was not written is not compared.
  if (digest.copy(bytes) + bytes.write(text, 32, 'base64url') !== 64) return false;
  let difference = 0;
  for (let i = 8; i--; ) difference |= (words[i] as number) ^ (words[i + 8] as number);
  return difference === 0;
}
