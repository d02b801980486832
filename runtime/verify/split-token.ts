import { isBase64url, isCanonical } from './base64url.ts';

/** A token in its parts, each of the right alphabet and size; nothing is decoded yet. */
export interface TokenParts {
  session: string | undefined;
  header: string;
  payload: string;
  signature: string;
  /** Length of the whole text, in characters. */
  length: number;
}

/** What begins like the base64url of `{"`, in which nearly every protected header is spelled. */
const BEGINNING = 'eyJ';

function isSession(text: string): boolean {
  return text.length >= 16 && text.length <= 64 && isBase64url(text);
}

/** Takes `[<session>.]<header>.<payload>.<signature>` apart; `undefined` when the text is not exactly that. */
export function splitToken(text: string): TokenParts | undefined {
  const parts = text.split('.');
  const session = parts.length === 4 ? parts.shift() : undefined;
  const [header, payload, signature, more] = parts;
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined) return undefined;
  if (session !== undefined && !isSession(session)) return undefined;
  // A header is a JSON object: its first six bits are those of `{`. No JSON begins with the bits of `-` or `_`.
  if (!isBase64url(header) || header[0] !== 'e' || header.length < 2) return undefined;
  if (!isBase64url(payload) || payload.startsWith('-') || payload.startsWith('_')) return undefined;
  if (!isCanonical(signature, 32)) return undefined;
  return { session, header, payload, signature, length: text.length };
}

/** Whether a first segment is meant to be a token, well-formed or not; a plain name of content never looks like this. */
export function isMeantAsToken(segment: string): boolean {
  const parts = segment.split('.');
  const last = parts.at(-1) as string;
  const headerLike = (at: number): boolean =>
    at < parts.length - 1 && (parts[at] as string).startsWith(BEGINNING) && (parts[at] as string).length >= 19;
  if (headerLike(0) || headerLike(1)) return true;
  // Ends like a token: something, something, and 43 characters; in front of it there may be a session.
  const isSize = parts.length === 3 || parts.length === 4;
  return isSize && parts.at(-3) !== '' && parts.at(-2) !== '' && last.length === 43 && isBase64url(last);
}

/**
 * Whether the path behind a token holds another: two long parts, the first of which begins like a protected header, or
 * what ends like payload and signature.
 */
export function holdsToken(path: string): boolean {
  const pieces = path.replace(/%[0-9A-F]{2}/g, '/').split(/[^A-Za-z0-9_.-]/);
  return pieces.some((piece) => {
    const parts = piece.split('.');
    return parts.some((part, at) => {
      const next = parts[at + 1];
      const isFollowed = next !== undefined && next.length >= 16 && at + 2 < parts.length;
      const isSigned = /^[\w-]{43}$/.test(parts[at + 2] ?? '');
      return isFollowed && ((part.startsWith(BEGINNING) && part.length >= 19) || isSigned);
    });
  });
}
