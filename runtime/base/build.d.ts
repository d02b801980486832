/** What the build puts in: see `edge-settings.ts` for the meaning of each, `generator/bundle/edge.ts` for how. */
import type { EdgeSettings } from './edge-settings.ts';

declare global {
  interface String {
    /** Takes numbers as well (ECMAScript, String.prototype.concat: each part by ToString). */
    concat(...parts: (string | number)[]): string;
  }
  /** Replaced by one JSON literal after bundling. */
  const SETTINGS: EdgeSettings;
  // Compile-time constants: code of a flag that is off is dropped.
  const FLAG_HOSTS: boolean;
  const FLAG_MULTI_ORIGIN: boolean;
  const FLAG_PATH: boolean;
  const FLAG_QUERY: boolean;
  const FLAG_COOKIE: boolean;
  const FLAG_HEADER: boolean;
  const FLAG_EXCLUDE: boolean;
  const FLAG_COUNTRY: boolean;
  const FLAG_REGION: boolean;
  const FLAG_CITY: boolean;
  const FLAG_BIND_IP: boolean;
  const FLAG_BIND_HEADERS: boolean;
  const FLAG_BIND_QUERY: boolean;
  const FLAG_UNMATCHED_PASS: boolean;
  const FLAG_CORS: boolean;
  const FLAG_CORS_ANY: boolean;
  const FLAG_EXPOSE_REASON: boolean;
  const FLAG_LOG: boolean;
  const FLAG_LOG_ALL: boolean;
}
