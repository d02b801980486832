/** Which rows changed when, which runs began when, and so of which sessions a run knows what their rows say now. */
import { revocationKey } from '../../../runtime/token/revocation.ts';
import type { Run } from './revocations-instances.ts';
import type { Said } from './revocations-promises.ts';

/** What was so when a run began. */
export interface Begin {
  /** Number of the last change of a row. */
  change: number;
  /** How often the rules had been thrown away. */
  wipes: number;
  /** Of the store. */
  arn: string;
  /** Rows that a sweep has to take away, by session. */
  over: ReadonlyMap<string, string>;
  /** Whether nobody else was at work since. */
  isAlone: boolean;
  /** Sessions whose rows it has removed. */
  removed: Set<string>;
}

export class Accounts {
  /** Sessions that were ever revoked, and those whose rows ever were none. */
  readonly revoked = new Set<string>();
  readonly malformed = new Set<string>();
  /** Number of the last change of each session's row. */
  readonly #changed = new Map<string, number>();
  readonly #begins = new Map<Run, Begin>();
  #changes = 0;

  /** The row of a session is another one. */
  note(session: string, after: Said): void {
    this.#changes += 1;
    this.#changed.set(session, this.#changes);
    if (after === 'malformed') this.malformed.add(session);
    else if (after?.state === 'revoked') this.revoked.add(session);
  }

  begin(run: Run, now: Pick<Begin, 'wipes' | 'arn' | 'over'>): void {
    const isAlone = this.#begins.size === 0;
    for (const other of this.#begins.values()) other.isAlone = false;
    this.#begins.set(run, { ...now, change: this.#changes, isAlone, removed: new Set() });
  }

  of(run: Run | undefined): Begin | undefined {
    return run === undefined ? undefined : this.#begins.get(run);
  }

  end(run: Run): Begin {
    const begin = this.#begins.get(run);
    if (begin === undefined) throw new Error('a run ended that had not begun');
    this.#begins.delete(run);
    return begin;
  }

  /** Sessions whose rows a run has read as they are now. */
  toldOf({ task, records }: Run, { change }: Begin): string[] {
    const isAsItWas = (session: string): boolean => (this.#changed.get(session) ?? 0) <= change;
    if (task === 'follow') {
      const sessions = new Set(records.flatMap(({ dynamodb }) => (dynamodb?.Keys?.id?.S as string | undefined) ?? []));
      return [...sessions].filter((session) => this.#changed.has(session) && isAsItWas(session));
    }
    // Whom it finds right it does not write: somebody who knows an older row and is under way still may write that.
    const oldest = Math.min(...[...this.#begins.values()].map((other) => other.change), change);
    return [...this.#changed].flatMap(([session, number]) => (number <= oldest ? [session] : []));
  }
}

/**
 * What had expired when a sweep began, and has not left though the row is the same. Where somebody whose clock is late has brought
 * it back meanwhile, the record of the removal takes it away again.
 */
export function unswept(
  { over, isAlone, removed }: Begin,
  { items, content }: { items: ReadonlyMap<string, object>; content: ReadonlyMap<string, string> },
): string | undefined {
  for (const [session, row] of over) {
    if (JSON.stringify(items.get(session)) === row) return `${session} was not swept`;
    const isBack = !items.has(session) && content.has(revocationKey(session));
    if (isBack && isAlone && removed.has(session)) return `${session} outlives its row`;
  }
  return undefined;
}
