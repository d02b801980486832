/**
 * What holds of sessions in one place, the store or the rules, once a run that read their rows has ended well: who is refused
 * there from then on, and who is not. Every location shows it some time later.
 */
import type { Found } from '../../../runtime/aws/revocation-table.ts';

/** A row, as somebody sees it who knows nothing of the other rows. */
export type Said = Found | undefined;

export class Promises {
  /** The store, or the rules. */
  readonly place: string;
  /** Since when a session is refused, without a break until its revocation ends. */
  readonly refused = new Map<string, number>();
  /** Since when a session is not refused. */
  readonly passes = new Map<string, number>();

  constructor(place: string) {
    this.place = place;
  }

  /** The row of a session is another one. What was promised goes on where both say the same, or nobody can tell what it says. */
  changed(session: string, { before, after, now }: { before: Said; after: Said; now: number }): void {
    const wasHeld = before === 'malformed' || isRevoked(before, now);
    if (!wasHeld || !(after === 'malformed' || isRevoked(after, now))) this.refused.delete(session);
    if (after !== 'malformed' && after !== undefined && after.state === 'revoked') this.passes.delete(session);
  }

  /** The place is what the row says. */
  keep(session: string, row: Said, now: number): void {
    if (row === 'malformed') return;
    if (row === undefined || row.state === 'lifted') add(this.passes, session, now);
    else if (isRevoked(row, now)) add(this.refused, session, now);
  }

  /** Nobody knows any more who is refused, e.g. because all of it was thrown away. */
  forget(): void {
    this.refused.clear();
  }

  /** Throws when a location shows something else; how many viewers were asked. */
  check(sees: (session: string, time: number) => boolean, when: { now: number; lags: readonly number[] }): number {
    let viewers = 0;
    for (const lag of when.lags) {
      const time = when.now - lag;
      for (const [session, since] of this.refused) {
        if (since > time) continue;
        viewers += 1;
        if (!sees(session, time)) throw new Error(`${session} passes in ${this.place}, ${lag} s behind`);
      }
      for (const [session, since] of this.passes) {
        if (since > time) continue;
        viewers += 1;
        if (sees(session, time)) throw new Error(`${session} is refused in ${this.place}, and nobody wants it to be`);
      }
    }
    return viewers;
  }

  /** Ends what a revocation's end has ended. */
  expire(rowOf: (session: string) => Said, now: number): void {
    for (const session of this.refused.keys()) {
      const row = rowOf(session);
      if (row !== 'malformed' && !isRevoked(row, now)) this.refused.delete(session);
    }
  }
}

function isRevoked(row: Said, now: number): boolean {
  return row !== undefined && row !== 'malformed' && row.state === 'revoked' && row.expires > now;
}

function add(to: Map<string, number>, session: string, now: number): void {
  if (!to.has(session)) to.set(session, now);
}
