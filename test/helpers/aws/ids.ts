/** Ids that look random and are not: the same calls in the same order give the same ids. */
import { createHash } from 'node:crypto';

export class Ids {
  #count = 0;

  uuid(): string {
    const hex = digest(`uuid ${this.#count++}`);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** A number that no other call got: what makes a replacement of the same resource another one. */
  serial(): number {
    return this.#count++;
  }
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `length` characters of A–Z and 0–9, as in the physical ids that CloudFormation makes up. */
export function letters(seed: string, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const bytes = createHash('sha256').update(seed).digest();
  return Array.from({ length }, (_, index) => alphabet[(bytes[index % 32] ?? 0) % alphabet.length]).join('');
}
