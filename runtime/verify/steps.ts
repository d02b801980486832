import type { Reason } from '../token/verdict.ts';
import type { Step } from './trace.ts';

/** Every check with the number of its step in the token specification. */
const NUMBER = {
  canonical_path: 1,
  second_token: 2,
  carriage: 2,
  canonical_query: 2,
  stream: 3,
  method: 4,
  token_form: 5,
  protected_header: 6,
  key: 6,
  state: 7,
  signature: 8,
  claim_types: 8,
  session_part: 8,
  audience: 9,
  times: 9,
  void_before: 9,
  paths: 9,
  policy: 9,
  geography: 9,
  binding: 9,
  revocation: 10,
  forward: 11,
} as const;

export type Check = keyof typeof NUMBER;

/** What a check found. `detail` is one sentence for people, with no key, signature, token or bound value in it. */
export interface Finding {
  detail: string;
  outcome: Step['outcome'];
  /** Why the request is to be refused; only where the check failed. */
  reason?: Reason;
}

export const passed = (detail: string): Finding => ({ outcome: 'passed', detail });

export const skipped = (detail: string): Finding => ({ outcome: 'skipped', detail });

/** Failed, so that the request is refused for this reason unless an earlier check gave another. */
export const refused = (reason: Reason, detail: string): Finding => ({ outcome: 'failed', reason, detail });

/** The findings about one request, and the reason they add up to: that of the first check that failed. */
export class Findings {
  reason: Reason | '' = '';
  readonly #steps: Step[] = [];

  /** Adds a finding; true when nothing is wrong so far. */
  add(check: Check, { outcome, detail, reason }: Finding): boolean {
    this.#steps.push({ number: NUMBER[check], check, outcome, detail });
    if (this.reason === '' && reason !== undefined) this.reason = reason;
    return this.reason === '';
  }

  /** In the order of the specification; checks of one step in the order in which they were made. */
  get steps(): Step[] {
    return [...this.#steps].sort((a, b) => a.number - b.number);
  }
}
