/** What stands behind the edge: the media that ship, or somebody's own origin. */
import type { Readable } from 'node:stream';

export interface OriginRequest {
  method: string;
  /** Raw path and query, as the function passed them. */
  path: string;
  query: string | undefined;
  /** In order, names in lower case; what the edge sends on of the viewer's. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Name of the origin that the function selected; undefined where there is only one. */
  origin?: string | undefined;
  /** For an origin that takes its time: aborted when the viewer has gone. */
  gone?(): AbortSignal;
}

export interface OriginResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body?: Buffer | Readable;
}

export interface Origin {
  fetch(request: OriginRequest): OriginResponse | Promise<OriginResponse>;
}
