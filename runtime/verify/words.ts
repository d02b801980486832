/** Sentences about requests: what a client wrote is cut and cleaned before it is repeated. */

const LONGEST = 80;

/** A text in quotes. A run of characters that could be part of a token is cut, and so is all that is long. */
export function quote(text: string): string {
  const harmless = text.replace(/[A-Za-z0-9_-]{40,}/g, (run) => `${run.slice(0, 6)}…`);
  return JSON.stringify(harmless.length > LONGEST ? `${harmless.slice(0, LONGEST)}…` : harmless);
}

export function quoteAll(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).map(quote).join(', ');
  return texts.length > 5 ? `${shown} and ${texts.length - 5} more` : shown;
}

/** `1 prefix`, `2 prefixes`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Whole seconds. */
export function seconds(duration: number): string {
  return `${Math.floor(duration)} s`;
}
