/** The `aws-chunked` encoding of uploads: frames with a length in hexadecimal, perhaps signed, and checksums as trailers. */

export interface Decoded {
  body: Buffer;
  /** Headers that came after the body, e.g. `x-amz-checksum-crc32`. */
  trailers: Record<string, string>;
}

export function decodeChunked(raw: Buffer): Decoded {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    if (end < 0) throw new Error('The frame has no length');
    const length = Number.parseInt(raw.toString('latin1', at, end), 16);
    if (!Number.isInteger(length)) throw new Error('The length of the frame is no number');
    at = end + 2;
    if (length === 0) break;
    parts.push(raw.subarray(at, at + length));
    at += length + 2;
  }
  const lines = raw.toString('latin1', at).split('\r\n');
  const trailers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const];
  });
  return { body: Buffer.concat(parts), trailers: Object.fromEntries(trailers) };
}
