/** Something that answers requests beside the media: the token API, the site. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target, Viewer } from './viewer.ts';

export interface MountRequest {
  request: IncomingMessage;
  response: ServerResponse;
  target: Target;
  /** Who asks, as CloudFront would say it. */
  viewer: Viewer;
}

export interface Mount {
  /** Whether a path is its own; the first mount that takes it answers. */
  takes(path: string): boolean;
  /** Answers; why it refused, if it did, in a word. */
  handle(asked: MountRequest): Promise<string | undefined> | undefined;
}
