/**
 * How a text is written so that YAML 1.2 and YAML 1.1 readers (CloudFormation, PyYAML) see the same text. Plain only
 * where no reader could think otherwise; then single quotes, a literal block, or double quotes with escapes.
 */

// Starts with a letter, `_`, `$` or `/`: never a number, date, sexagesimal, null (~), merge key or indicator.
const PLAIN = /^[A-Za-z_$/][A-Za-z0-9 _$/.:@*+=?,;!&|%<>(){}[\]~^'"#-]*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
// ": " and " #" end a plain scalar, as do a colon or blank at its end.
const BREAKS_PLAIN = /:\s|\s#|[:\s]$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to find them
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/;
// JSON leaves these as they are, YAML 1.1 readers refuse them.
const NOT_ESCAPED_BY_JSON = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
/** From this length on, a text that would need quotes becomes a literal block. */
const LONG = 100;

/** A text on one line: plain or quoted. Keys are always written this way. */
export function inlineText(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text) && !BREAKS_PLAIN.test(text)) return text;
  if (UNPRINTABLE.test(text) || /[\n\t]/.test(text)) return doubleQuoted(text);
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text as a value; `indent` is the indentation of the lines of a literal block. */
export function textValue(text: string, indent: string): string {
  const isBlock = text.includes('\n') || text.length > LONG;
  if (!isBlock) return inlineText(text);
  if (!text.includes('\n') && inlineText(text) === text) return text;
  return literalBlock(text, indent) ?? inlineText(text);
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    NOT_ESCAPED_BY_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `|` or `|-` with the text; undefined where readers could lose or add something. */
function literalBlock(text: string, indent: string): string | undefined {
  if (UNPRINTABLE.test(text) || text.includes('\t')) return undefined;
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  // Several line ends at the end would need `|+`, which also takes the empty line that follows an entry. A first line
  // that is blank or starts with a blank would need an indentation indicator; a last one of blanks only is taken for
  // an empty line by some.
  if (body === '' || body.endsWith('\n') || /^\s/.test(body) || /\n[^\S\n]+$/.test(body)) return undefined;
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return [body === text ? '|-' : '|', ...lines].join('\n');
}

/** A number that YAML 1.1 and 1.2 both read as that number: an exponent needs a fraction and a sign before it. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} cannot be written in a template`);
  const text = JSON.stringify(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}
