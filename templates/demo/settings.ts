/** Settings of this module, as `schema.json` describes them. */
export interface DemoSettings {
  priceClass: '100' | '200' | 'all';
  concurrency?: number;
  logRetention: number;
}
