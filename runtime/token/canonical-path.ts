/** Longest path that is looked at; CloudFront's own limit for a URL. */
export const MAX_PATH = 8192;

/**
 * What no canonical path has: a character that may not stand raw, an empty, `.` or `..` segment, an escape other than the
 * upper-case one of a character that may not stand raw or of a byte from %80. Searching for what is wrong is linear; an
 * anchored description of what is right costs a thousand times as much over a hostile path, and so does replacing.
 */
const WRONG =
  /[^A-Za-z0-9\-._~!$&'()*+,=:@/%]|\/(?:\/|\.\.?(?:\/|$))|%(?!2[023]|3[CEF]|5[BDE]|60|7[BCD]|[89A-F][0-9A-F])/;
const BEYOND_ASCII = /%[89A-F]/;

/** What most paths do not have: anything but letters, digits, `_`, `-`, single `/`, and one dot inside a name. */
const NOT_PLAIN = /[^\w./-]|\/[./]|\.[^/]*\./;

/**
 * Whether a path that starts with `/` is plain: canonical at a glance, and without room for a token, which has two dots.
 * One look at the usual path instead of three.
 */
export function isPlainPath(path: string): boolean {
  return path !== '' && path.search(NOT_PLAIN) < 0;
}

/** Whether bytes from %80 are UTF-8; decoding throws on all that is not its one encoding of a character. */
function isUtf8(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch (_error) {
    return false;
  }
}

/**
 * Whether a raw path is in the one spelling that is let through. CloudFront chooses the cache behaviour from the
 * normalised path but sends the raw one to the origin, and origins fold `..;`, `%2f`, `%6c` each in their own way, so a
 * prefix check on anything looser is a bypass. Refuses; never repairs. The caller minds `MAX_PATH`.
 */
export function isCanonicalPath(path: string): boolean {
  return path[0] === '/' && path.search(WRONG) === -1 && (path.search(BEYOND_ASCII) === -1 || isUtf8(path));
}
