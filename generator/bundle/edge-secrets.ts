/**
 * Finds literals that look like secrets, and placeholders nobody filled. Function texts are public in effect: they stand in templates,
 * in pull requests and in the console, so keys belong in the KeyValueStore. A finding never quotes what it found.
 */
import type { AnyNode } from 'acorn';
import type { Finding } from './edge-fault.ts';

const KNOWN_FORMS: readonly (readonly [form: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]+-----/, 'a PEM block'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS access key id'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\./, 'a token'],
];
/** A KeyValueStore's id, for one; nobody makes keys of this form. */
const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const SECRET_NAME = /(secret|password|passphrase|(private|api|signing|sign|bind)[_-]?key)$/i;

/** Reports `node` if it is a literal that must not be shipped. */
export function checkLiterals(node: AnyNode): Finding[] {
  if (node.type === 'ObjectExpression' && isJwk(node)) return [secret('a symmetric JSON Web Key')];
  if (node.type === 'Property' && !node.computed && node.key.type === 'Literal') {
    const key = String(node.key.value);
    return [...checkText(key), ...checkNamed(key, node.value)];
  }
  if (node.type === 'Property' && node.key.type === 'Identifier') return checkNamed(node.key.name, node.value);
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') return checkNamed(node.id.name, node.init);
  const text = textOf(node);
  return text === undefined ? [] : checkText(text);
}

/** Reports a comment: minifying removes comments, but what is proved is what is shipped. */
export function checkComment(text: string): Finding[] {
  const what = secretIn(text);
  return what === undefined ? [] : [secret(what)];
}

/** What kind of secret `text` seems to hold, or undefined. */
export function secretIn(text: string): string | undefined {
  const known = KNOWN_FORMS.find(([form]) => form.test(text));
  if (known !== undefined) return known[1];
  // A path prefix is seen by every viewer, so it is no secret, however random (MediaPackage ids are 32 hex digits).
  if (/^\/[\w.~/-]*\/$/.test(text)) return undefined;
  const runs = text.replace(UUID, '').match(/[\w+/-]{32,}/g) ?? [];
  return runs.some(looksRandom) ? 'a random string of 32 or more characters' : undefined;
}

/**
 * Random strings switch between upper case, lower case and digits all the time (base64 at two of three characters, hex and base 36 at two
 * of five); words, slugs and host names hardly ever; an alphabet written out, only between its parts. Separators are rare in
 * random text, so short parts between them (`eu-west-1-ch1-720p`) say nothing.
 */
function looksRandom(run: string): boolean {
  const mixedCase = /[a-z]/.test(run) && /[A-Z]/.test(run);
  const parts = run.split(/[_+/-]+/).filter((part) => part.length >= (mixedCase ? 6 : 16));
  const length = parts.join('').length;
  const pairs = length - parts.length;
  if (length < 24 || !/\d/.test(run)) return false;
  const switches = parts.reduce((sum, part) => sum + switchesIn(part), 0);
  return switches / pairs >= (mixedCase ? 0.42 : 0.2);
}

function switchesIn(part: string): number {
  return [...part].filter((character, i) => i > 0 && kindOf(character) !== kindOf(part.charAt(i - 1))).length;
}

const kindOf = (character: string): number => (/\d/.test(character) ? 0 : /[a-z]/.test(character) ? 1 : 2);

function checkText(text: string): Finding[] {
  const what = secretIn(text);
  if (what !== undefined) return [secret(what)];
  const marker = text.match(/\{\{[^{}]*\}\}|\$\{|__(?!proto__)[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*__/);
  if (marker === null) return [];
  return [
    {
      rule: 'placeholder',
      message: 'A text holds a placeholder that was not replaced.',
      hint: 'Fill it in, or write the characters apart.',
    },
  ];
}

function checkNamed(name: string, value: AnyNode | null | undefined): Finding[] {
  const text = value ? textOf(value) : undefined;
  // A value that looks like a secret by itself is reported where it stands.
  if (text === undefined || text.length < 8 || !SECRET_NAME.test(name) || secretIn(text) !== undefined) return [];
  return [secret(`a value called ${name}`)];
}

function isJwk(node: Extract<AnyNode, { type: 'ObjectExpression' }>): boolean {
  const keys = node.properties.map((p) =>
    p.type !== 'Property'
      ? ''
      : p.key.type === 'Identifier'
        ? p.key.name
        : p.key.type === 'Literal'
          ? String(p.key.value)
          : '',
  );
  return keys.includes('kty') && keys.includes('k');
}

function textOf(node: AnyNode): string | undefined {
  if (node.type === 'TemplateElement') return node.value.cooked ?? node.value.raw;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function secret(what: string): Finding {
  return {
    rule: 'secret',
    message: `A literal looks like ${what}; function texts are not secret.`,
    hint: 'Keep keys in the KeyValueStore. If it is no secret, shorten it or split it up.',
  };
}
