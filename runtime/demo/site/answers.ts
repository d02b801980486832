/** What the API answers, as far as the page reads it. */

export interface About {
  mount: 'local' | 'demo';
  project: string;
  environment: string;
  version: string;
  needsCode: boolean;
  /** Countries that a viewer can be put into; only the local edge can do that. */
  countries?: string[];
}

export interface Asset {
  id: string;
  title?: string;
  policy?: string;
  formats?: Format[];
  mode?: 'enforce' | 'report' | 'off';
}

export interface PolicyInfo {
  name: string;
  /** Seconds. */
  lifetime?: number;
  session?: boolean;
  countries?: string[];
  regions?: string[];
  cities?: string[];
  bind?: { ip?: { v4?: number; v6?: number }; headers?: string[]; query?: string[] };
}

export type Format = 'hls' | 'dash';

export interface Playback {
  session?: string;
  token: string;
  urls: Partial<Record<Format, string>>;
  asset: string;
  policy: string;
  /** To be set for the delivery domain, where the stream carries tokens in a cookie. */
  cookie?: { name: string; value: string };
  /** To be sent with every request, where the stream carries tokens in a header. */
  header?: { name: string; value: string };
}

/** RFC 9457. */
export interface Problem {
  type: string;
  title?: string;
  detail?: string;
  /** The edge's or the issuer's word for it. */
  reason?: string;
  /** What the chosen policy does not give. */
  demands?: string[];
  status?: number;
}
