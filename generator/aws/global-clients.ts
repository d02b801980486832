/** Clients of services that are the same in all Regions; loaded when they are first needed, as those in `clients.ts`. */
import { EDGE } from '../access/grant.ts';
import type { CloudFrontApi } from './api/cloudfront.ts';
import type { IamApi } from './api/iam.ts';
import type { QuotasApi } from './api/quotas.ts';
import { clientSettings, type Env } from './clients.ts';

export interface GlobalClients {
  cloudFront(): Promise<CloudFrontApi>;
  iam(): Promise<IamApi>;
  quotas(): Promise<QuotasApi>;
}

export function globalClients(env: Env): GlobalClients {
  const settings = (service: string) => clientSettings({ env, region: EDGE, service });
  return {
    cloudFront: once(async () => (await import('./api/cloudfront.ts')).cloudFrontApi(settings('CLOUDFRONT'))),
    iam: once(async () => (await import('./api/iam.ts')).iamApi(settings('IAM'))),
    quotas: once(async () => (await import('./api/quotas.ts')).quotasApi(settings('SERVICE_QUOTAS'))),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
