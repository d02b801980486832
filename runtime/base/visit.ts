import type { ClaimText } from '../token/claim-text.ts';
import type { TokenParts } from '../token/token-text.ts';
import type { EdgeRoute, StreamText } from './edge-settings.ts';
import type { ViewerRequestEvent } from './event.ts';

/** One request on its way through the checks; each step adds what it found. */
export interface Visit {
  event: ViewerRequestEvent;
  /** The path; from step 2 on without the token. */
  path: string;
  /** The token where it is well-formed. */
  token: TokenParts | null;
  /** Whether there is something where the token should be. */
  given: boolean;
  route?: EdgeRoute;
  /** Absent when the path belongs to no stream. */
  stream?: StreamText;
}

/** A visit as it is from step 6 on. */
export interface KnownVisit extends Visit {
  token: TokenParts;
  route: EdgeRoute;
  stream: StreamText;
  /** A whole edge state (`isWholeState`). */
  state: string;
  /** Where the keys of the token stand in `state`. */
  key: number;
  /** Set by step 8. */
  claims: ClaimText;
}
