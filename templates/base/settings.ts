/** Settings of this module, as `schema.json` describes them. */

export interface BaseSettings {
  distribution: {
    attach?: string;
    plan: PlanName;
    priceClass: '100' | '200' | 'all';
    ipv6: boolean;
    cacheQuery: string[];
  };
  edge: { unmatched: 'refuse' | 'pass'; log: 'none' | 'refused' | 'all'; logRetention: number; exposeReason: boolean };
  /** Durations as written, e.g. `30d`. */
  keys: { rotateEvery: string; propagation: string };
  revocation: { waf: boolean; wafCapacity: number };
}

export type PlanName = 'pay-as-you-go' | 'free' | 'pro' | 'business' | 'premium';
