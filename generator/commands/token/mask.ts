/**
 * What begins like a token's header, and whatever else has the parts of a token. A session in front of one is none of it, whatever
 * it begins with.
 */
const TOKEN =
  /eyJ[\w-]{8,}(?:\.[\w%-]*)+|(?<![\w-])(?![\w-]{16,64}\.e[\w-]{8,}\.[\w-]{8,}\.[\w-]{43})e[\w-]{8,}\.[\w-]{8,}\.[\w-]{43,}(?:\.[\w-]+)*/g;

/** Text without the tokens in it: what is printed is copied into tickets, and whoever has a token can play. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '<token>');
}

/** The same for every text in JSON data. */
export function maskAll<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(withoutTokens(JSON.stringify(value))) as T);
}
