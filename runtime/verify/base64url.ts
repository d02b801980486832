const ALPHABET = /^[A-Za-z0-9_-]+$/;

/** Whether a text is not empty and of the base64url alphabet, which has no padding. */
export function isBase64url(text: string): boolean {
  return ALPHABET.test(text);
}

/** Whether a text is the one base64url spelling of so many bytes: no padding, no stray bits in the last character. */
export function isCanonical(text: string, bytes: number): boolean {
  if (!isBase64url(text)) return false;
  const decoded = Buffer.from(text, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === text;
}

/** Levels of lists and objects that the edge's engine reads; it takes what is nested deeper for no JSON. */
const DEEPEST = 31;

function levels(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((most, member) => Math.max(most, levels(member)), 0);
}

/** The JSON value of a segment; `undefined`, which no JSON gives, when there is none in it. */
export function parseJson(segment: string): unknown {
  // Six bits over are no byte.
  if (!isBase64url(segment) || segment.length % 4 === 1) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return levels(value) > DEEPEST ? undefined : value;
  } catch {
    return undefined;
  }
}
