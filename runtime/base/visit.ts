import type { TokenParts } from '../token/token-text.ts';
import type { EdgeRoute, StreamText } from './edge-settings.ts';
import type { ViewerRequestEvent } from './event.ts';

/** One request on its way through the checks; each step adds what it found. */
export interface Visit {
  event: ViewerRequestEvent;
  /** The path; from step 2 on without the token. */
  path: string;
  /** The token where it is well-formed; `null` where something else stands in its place, `undefined` where nothing does. */
  token: TokenParts | null | undefined;
  route: EdgeRoute | undefined;
  /** Absent when the path belongs to no stream. */
  stream: StreamText | undefined;
}

/** A visit as it is from step 6 on. */
export interface KnownVisit extends Visit {
  token: TokenParts;
  route: EdgeRoute;
  stream: StreamText;
}
