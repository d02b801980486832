/** What a verification says: shapes shared by the verifier, the CLI and tests. */
import type { EdgeResponse, Field, ViewerRequest } from '../base/event.ts';
import type { Claims } from '../token/claims.ts';
import type { Reason } from '../token/verdict.ts';

/** The world around one request: what the KeyValueStore would answer, and the time. */
export interface World {
  /** Value of the key `state`; `undefined` when it is missing or the store does not answer. */
  state: string | undefined;
  /** Whether a KeyValueStore key (`revocationKey`) exists; `undefined` when the store does not answer. */
  hasKey(key: string): boolean | undefined;
  /** Seconds since 1970; fractions are allowed. */
  now: number;
}

/** One check of the specification, in its order. */
export interface Step {
  /** Number of the step in the specification, 1–11. */
  number: number;
  /** Stable word, e.g. `canonical_path`, `signature`, `times`, `geography`. */
  check: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** One sentence for people; never has a key, a signature or a whole token in it. */
  detail: string;
}

/** What the edge does with a request. */
export interface Trace {
  /** `answered` is a preflight. */
  outcome: 'forwarded' | 'refused' | 'answered';
  /** Why it is refused, or would be with `enforce`; `''` when nothing is wrong. */
  reason: Reason | '';
  /** HTTP status of a refusal; 204 for a preflight; `undefined` when it is forwarded. */
  status: number | undefined;
  /** The mode that was in force. */
  mode: 'enforce' | 'report' | 'off';
  /** Name of the stream; `undefined` when the path belongs to none. */
  stream: string | undefined;
  steps: Step[];
  /** Claims, from the moment the signature is verified. */
  claims: Claims | undefined;
  /** What reaches the origin; there when `outcome` is `forwarded`. */
  forwarded?: {
    uri: string;
    headers: Record<string, Field>;
    querystring: ViewerRequest['querystring'];
    cookies: Record<string, Field>;
    /** Name of the origin, where the distribution has several. */
    origin?: string;
  };
  /** What the viewer gets; there when it is refused or answered. */
  response?: EdgeResponse;
}
