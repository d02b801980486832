/** Settings of this module, as `schema.json` describes them. */

export interface ApiModuleSettings {
  auth: {
    type: 'iam' | 'oidc';
    issuer?: string;
    audience?: string;
    tokenType: 'at+jwt' | 'jwt';
    scopes: { playback: string; revocations: string; assets: string; assetChanges: string; viewing: string };
  };
  /** As written, e.g. `24h`. */
  maxSessionAge: string;
  throttling: { rate: number; burst: number; viewer: number };
  domain?: { host: string; certificate: string };
  concurrency?: number;
  logRetention: number;
}
