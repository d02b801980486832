/**
 * The edge state out of the KeyValueStore, for telling live tokens. Its client signs with elliptic curves, and is loaded only when
 * a live token is shown: most requests are for new sessions.
 */
import '@aws-sdk/signature-v4a';
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { keyValueStore } from '../aws/key-value-store.ts';
import { STATE_KEY } from '../keys/state.ts';
import { PATIENCE } from './patience.ts';

export function edgeStateReader(arn: string): () => Promise<string | undefined> {
  const store = keyValueStore(new CloudFrontKeyValueStoreClient(PATIENCE), arn);
  return () => store.get(STATE_KEY);
}
