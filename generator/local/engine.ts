/** What runs the text of an edge function on this machine: one request at a time, each as if it were the first. */
import type { EdgeResponse, Field, ViewerRequest } from '../../runtime/base/event.ts';

/** An event as CloudFront hands it to a function, without the method `rawQueryString`. */
export interface EdgeEvent {
  context: { requestId?: string };
  viewer: { ip: string };
  request: Omit<ViewerRequest, 'rawQueryString'>;
}

/** One request and the moment it comes at. */
export interface EdgeCall {
  event: EdgeEvent;
  /** What `rawQueryString()` gives: `undefined` where there is no query; `null` for a CloudFront without the method. */
  rawQuery: string | null | undefined;
  /** Milliseconds since 1970 at which time stands still. */
  now: number;
}

/** The KeyValueStore as the function sees it. Both throw when the store does not answer. */
export interface EdgeStore {
  get(key: string): string | undefined;
  has(key: string): boolean;
  /** Another number after every change. */
  readonly version: number;
  /** Everything in it. */
  entries(): Iterable<readonly [key: string, value: string]>;
}

/** A request that the function passed; headers and parameters as it left them. */
export type PassedRequest = Omit<ViewerRequest, 'rawQueryString' | 'headers'> & {
  headers: Record<string, Field>;
  statusCode?: undefined;
};

export interface EdgeResult {
  /** What the handler gave; `undefined` when it threw. */
  answer?: EdgeResponse | PassedRequest;
  /** Message of what it threw, or why it was stopped: always a defect. */
  threw?: string;
  /** Lines written with `console.log`. */
  logs: string[];
  /** What was asked of the store, e.g. `get state`. */
  reads: string[];
  /** Origin that was selected. */
  origin?: string;
}

export interface Engine {
  readonly name: 'node' | 'njs';
  run(call: EdgeCall): EdgeResult | Promise<EdgeResult>;
  close(): Promise<void>;
}

/** Milliseconds; a thousand times what the function takes, for machines that are busy. CloudFront does not say what its limit is. */
export const TIME_LIMIT = 500;

/** The text in two parts: what it imports, by local name, and the rest. Throws on an import of another form. */
export function splitText(text: string): { imports: [local: string, module: string][]; body: string } {
  const imports: [string, string][] = [];
  let body = text;
  for (;;) {
    const found = /^\s*import\s*([\w$]+)\s*from\s*(["'])(\w+)\2;?/.exec(body);
    if (found === null) break;
    imports.push([found[1] as string, found[3] as string]);
    body = body.slice(found[0].length);
  }
  if (/^\s*import\b(?!\s*\()/.test(body))
    throw new Error('the function has an import that is not of the form import x from "y"');
  return { imports, body };
}
