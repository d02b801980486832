/** What one deployment of the API works with: the settings of config.yaml that concern it, durations in seconds. */
import type { Policy, Stream } from '../../generator/modules/contract.ts';

export interface ApiSettings {
  /** `<project>/<environment>`. */
  audience: string;
  policies: Readonly<Record<string, Policy>>;
  streams: Readonly<Record<string, Stream>>;
  /** Delivery domains by name, at least one; an asset is played on the first that serves its stream. */
  domains: Readonly<Record<string, { host: string }>>;
  cors: Readonly<{ origins: readonly string[]; credentials: boolean }>;
  /** Longest lifetime of a token that a stream allows: so long a revocation lasts. */
  longestLifetime: number;
  /** Tokens that one viewer may have issued in a minute; absent: any number. */
  viewerRate?: number;
  /** From here on a session is not refreshed, and no token of it is valid. */
  maxSessionAge: number;
}
