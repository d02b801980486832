/** Nothing in a template looks like a secret: keys live in Secrets Manager and KeyValueStore, never in text. */
import type { Json } from '../../modules/contract.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { type Check, finding, isMap } from './check.ts';

const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const ACCESS_KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/;
const WORDLIKE = /[A-Za-z0-9+/_-]{32,}/g;
/** Digests are meant to be there: artifacts by digest, content security policies, subresource integrity. */
const DIGEST_PLACES = /functions\/[0-9a-f]{64}\.zip|sha(?:256|384|512)-[A-Za-z0-9+/_-]+/g;

export const secrets: Check = (context) => {
  const found: Diagnostic[] = [];
  const visit = (value: Json, where: { id: string; name: string; chain: readonly unknown[] }): void => {
    if (typeof value === 'string') {
      const kind = secretKind(value);
      if (!kind) return;
      // The text itself stays out of the message: it may be a secret.
      found.push(
        finding(context, {
          code: 'EP4037',
          message: `${where.name} of ${where.id} contains what looks like ${kind}`,
          hint: 'Keep it in Secrets Manager and refer to it.',
          at: where.chain,
        }),
      );
      return;
    }
    if (value === null || typeof value !== 'object') return;
    const chain = [value, ...where.chain];
    for (const [name, member] of Object.entries(value)) {
      visit(member, { id: where.id, name: isMap(value) ? name : where.name, chain });
      if (isMap(value)) visit(name, { id: where.id, name: 'a key', chain });
    }
  };
  for (const [section, entries] of Object.entries(context.template)) {
    for (const [id, entry] of Object.entries(entries)) visit(entry, { id, name: section, chain: [] });
  }
  return found;
};

/** What a text looks like, if like a secret. */
export function secretKind(text: string): string | undefined {
  if (text.length < 20) return undefined;
  if (PEM.test(text)) return 'a private key';
  if (ACCESS_KEY_ID.test(text)) return 'an AWS access key id';
  const rest = text.replace(DIGEST_PLACES, '');
  return [...rest.matchAll(WORDLIKE)].some(([word]) => looksRandom(word))
    ? 'a key (32 or more random characters)'
    : undefined;
}

/** Hex with both letters and digits, or base64 whose kinds of character change as often as chance makes them. */
function looksRandom(word: string): boolean {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(word)) return /[a-f]/i.test(word) && /\d/.test(word) && entropy(word) > 2.8;
  if (!/\d/.test(word) || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return false;
  const kinds = [...word].map((c) => (/[a-z]/.test(c) ? 'a' : /[A-Z]/.test(c) ? 'A' : /\d/.test(c) ? '0' : '+'));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes / (word.length - 1) > 0.4 && entropy(word) > 3.6;
}

/** Bits per character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const c of word) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / word.length) * Math.log2(n / word.length), 0);
}
