/** What came of many cases. */
import type { Judged } from '../adversarial/judge.ts';
import { verdict } from '../runtime/base/world.ts';
import type { CaseId } from './make-case.ts';

/**
 * How edge and reference may differ: the edge accepts what the reference refuses, or the other way round, or gives another
 * reason, or forwards or answers otherwise; or it throws.
 */
export const KINDS = ['accepted', 'refused', 'reason', 'other', 'threw'] as const;
export type Kind = (typeof KINDS)[number];

/** A case in which edge and reference differ. */
export interface Found {
  id: CaseId;
  kind: Kind;
  differences: string[];
}

export interface Tally {
  cases: number;
  /** Forwarded, and nothing was wrong. */
  passed: number;
  /** Preflights. */
  answered: number;
  /** Refusals by reason, with those that report mode would have made. */
  reasons: Record<string, number>;
  differences: Record<Kind, number>;
  /** The first differences of each job. */
  found: Found[];
}

const MOST_FOUND = 20;

export function emptyTally(): Tally {
  return {
    cases: 0,
    passed: 0,
    answered: 0,
    reasons: {},
    differences: { accepted: 0, refused: 0, reason: 0, other: 0, threw: 0 },
    found: [],
  };
}

/** How two verdicts differ. */
export function kindOf({ result, trace }: Judged): Kind {
  if (result.threw !== undefined || result.answer === undefined) return 'threw';
  const passes = result.answer.statusCode === undefined;
  if (passes !== (trace.outcome === 'forwarded')) return passes ? 'accepted' : 'refused';
  return passes || verdict(result) === `${trace.status} ${trace.reason}`.trim() ? 'other' : 'reason';
}

/** Counts one case. */
export function count(tally: Tally, id: CaseId, judged: Judged): void {
  const { outcome, reason } = judged.trace;
  tally.cases += 1;
  if (reason !== '') tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
  else if (outcome === 'forwarded') tally.passed += 1;
  else tally.answered += 1;
  if (judged.differences.length === 0) return;
  const kind = kindOf(judged);
  tally.differences[kind] += 1;
  if (tally.found.length < MOST_FOUND) tally.found.push({ id, kind, differences: judged.differences });
}

/** Adds one tally to another. */
export function add(sum: Tally, more: Tally): void {
  sum.cases += more.cases;
  sum.passed += more.passed;
  sum.answered += more.answered;
  for (const [reason, times] of Object.entries(more.reasons)) sum.reasons[reason] = (sum.reasons[reason] ?? 0) + times;
  for (const kind of KINDS) sum.differences[kind] += more.differences[kind];
  sum.found.push(...more.found);
}
