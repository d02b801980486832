/** Longest path that is looked at; CloudFront's own limit for a URL. */
export const MAX_PATH = 8192;

/**
 * What no canonical path of ASCII has: a character that may not stand raw, an empty, `.` or `..` segment, an escape other
 * than the upper-case one of a character that may not stand raw. Searching for what is wrong is linear; an anchored
 * description of what is right costs a thousand times as much over a hostile path.
 */
const WRONG = /[^A-Za-z0-9\-._~!$&'()*+,=:@/%]|\/(?:\/|\.\.?(?:\/|$))|%(?!2[023]|3[CEF]|5[BDE]|60|7[BCD])/;
const ASCII = /%[2-7]./g;
const BEYOND_ASCII = /%[89A-F][0-9A-F]/g;

/**
 * The same with bytes from %80. They are UTF-8 in its one encoding, or decoding throws or encoding gives another text;
 * escapes of ASCII, whose rules differ, are set aside for that.
 */
function isCanonicalBeyondAscii(path: string): boolean {
  const beyond = path.replace(ASCII, '_');
  try {
    return path.replace(BEYOND_ASCII, '_').search(WRONG) === -1 && encodeURI(decodeURI(beyond)) === beyond;
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
  if (path[0] !== '/') return false;
  const at = path.search(WRONG);
  return at === -1 || (path[at] === '%' && isCanonicalBeyondAscii(path));
}
