/**
 * The event of a viewer request and what a function may answer, as far as we use them.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */

/** A header, cookie or query parameter. `multiValue` is there when it came more than once; `value` is the first. */
export interface Field {
  value: string;
  multiValue?: { value: string }[];
}

export interface ViewerRequest {
  readonly method: string;
  /** Raw path: percent-encoding untouched, not normalised. */
  uri: string;
  /** Names as they came. */
  querystring: Record<string, Field>;
  /** Names in lower case. */
  headers: Record<string, Field>;
  cookies: Record<string, Field>;
  /** Raw query string without `?`; `undefined` when there is none. Only in CloudFront since November 2025. */
  rawQueryString?: () => string | undefined;
}

export interface ViewerRequestEvent {
  context: { requestId?: string };
  viewer: { ip: string };
  request: ViewerRequest;
}

/** An answer made by the function; header names in lower case. */
export interface EdgeResponse {
  statusCode: number;
  statusDescription: string;
  headers: Record<string, Field>;
}
