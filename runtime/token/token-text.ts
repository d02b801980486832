/**
 * The grammar of a token with its session part: `[<session>.]<header>.<payload>.<signature>`.
 *
 * A protected header is a JSON object, so its base64url form begins with `e` (`{`), and with `eyJ` unless there is space in it. The signature is 32 bytes: 43
 * characters, of which the last carries two bits that must be zero, or one token would have four spellings.
 * Groups: 1 session · 2 signed text (`<header>.<payload>`) · 3 header · 4 payload · 5 the payload up to its first `-` or `_` ·
 * 6 signature.
 */
const TOKEN =
  /^\/(?:([\w-]{16,64})\.)?((e[\w-]+)\.(([A-Za-z0-9]+)(?:[-_][\w-]*)?))\.([\w-]{42}[AEIMQUYcgkosw048])(?=\/|$)/;

/** A first segment that is meant to be a token, well-formed or not; a plain name of content never looks like this. */
const MEANT = /^\/(?:[^/.]*\.)?(?:eyJ[^/.]{16,}\.|[^/.]+\.[^/.]+\.[\w-]{43}(?:\/|$))/;

/**
 * A token behind the first segment, or half of one: what begins like a header, or ends like payload and signature. Long
 * parts on both sides of a dot, so that no random file name is taken for one.
 */
const SECOND = /(?:[^\w-]|%..)eyJ[\w-]{16,}\.[\w-]{16,}\.|\.[\w-]{16,}\.[\w-]{43}(?![\w-])/;

/** A token taken apart; a `RegExpExecArray` so that the edge pays for one match and no copy. */
export type TokenParts = RegExpExecArray;

/** Takes `/<token>` at the start of a path (or `/` + the value of a parameter, cookie or header) apart. */
export function matchToken(text: string): TokenParts | null {
  return TOKEN.exec(text);
}

/** Length of a first segment (with its leading `/`) that is meant to be a token but is not well-formed; else 0. */
export function malformedTokenLength(path: string): number {
  if (path.search(MEANT) === -1) return 0;
  const end = path.indexOf('/', 1);
  return end === -1 ? path.length : end;
}

/** Whether a path (the token taken out) holds another token. */
export function hasToken(path: string): boolean {
  return path.search(SECOND) !== -1;
}
