/** `;`, or a parameter that does not begin with a plain name: empty, escaped, or with other characters. */
const WRONG = /;|(?:^|&)(?![\w.~-]+(?:[=&]|$(?!\n)))/;

/**
 * Whether every parameter name of a raw query string (without `?`) has just one spelling. Where a token or a bound value
 * is read from the query, `%74oken`, `a;token` and `token[]` would be read differently by the edge and by the origin.
 */
export function isCanonicalQuery(raw: string): boolean {
  return raw === '' || raw.search(WRONG) === -1;
}
