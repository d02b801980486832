import type { Claims } from '../token/claims.ts';
import type { TokenParts } from '../token/token-text.ts';
import type { EdgeRoute, EdgeStream } from './edge-settings.ts';
import type { ViewerRequestEvent } from './event.ts';

/** One request on its way through the checks; each step adds what it found. */
export interface Visit {
  event: ViewerRequestEvent;
  /** The path; from step 2 on without the token. */
  path: string;
  /** The token where it is well-formed. */
  token: TokenParts | null;
  /** Whether there is something where the token should be. */
  given?: boolean;
  route?: EdgeRoute;
  /** Absent when the path belongs to no stream. */
  stream?: EdgeStream;
  /** A whole edge state (`isWholeState`). */
  state?: string;
  /** Where the keys of the token stand in `state`. */
  key?: number;
  /** The claims of a verified token. */
  claims?: Claims;
}

/** A visit as it is from step 8 on. */
export interface KnownVisit extends Visit {
  token: TokenParts;
  route: EdgeRoute;
  stream: EdgeStream;
  state: string;
  key: number;
  claims: Claims;
}
