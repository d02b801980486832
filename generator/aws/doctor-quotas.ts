/** How much of the account's limits for CloudFront is used. */
import type { CloudFrontApi } from './api/cloudfront.ts';
import type { QuotasApi } from './api/quotas.ts';
import { type Check, checked } from './doctor-check.ts';
import type { GlobalClients } from './global-clients.ts';

interface Quota {
  what: string;
  /** Its name in Service Quotas. Source: CloudFront Developer Guide, "Quotas". */
  name: RegExp;
  count(api: CloudFrontApi): Promise<number>;
}

const QUOTAS: readonly Quota[] = [
  {
    what: 'distributions',
    name: /^(web )?distributions per aws account/i,
    count: (api) =>
      pages(async (Marker) => {
        const { DistributionList: list } = await api.listDistributions({ ...(Marker && { Marker }) });
        return { count: list?.Items?.length ?? 0, next: list?.NextMarker };
      }),
  },
  {
    what: 'functions',
    name: /functions per aws account/i,
    count: (api) =>
      pages(async (Marker) => {
        const { FunctionList: list } = await api.listFunctions({ Stage: 'LIVE', ...(Marker && { Marker }) });
        return { count: list?.Items?.length ?? 0, next: list?.NextMarker };
      }),
  },
  {
    what: 'key value stores',
    name: /key ?value ?stores per aws account/i,
    count: (api) =>
      pages(async (Marker) => {
        const { KeyValueStoreList: list } = await api.listKeyValueStores({ ...(Marker && { Marker }) });
        return { count: list?.Items?.length ?? 0, next: list?.NextMarker };
      }),
  },
];

async function pages(
  page: (marker: string | undefined) => Promise<{ count: number; next: string | undefined }>,
): Promise<number> {
  let sum = 0;
  let marker: string | undefined;
  do {
    const { count, next } = await page(marker);
    sum += count;
    marker = next === '' ? undefined : next;
  } while (marker !== undefined);
  return sum;
}

export async function checkQuotas(clients: Pick<GlobalClients, 'cloudFront' | 'quotas'>): Promise<Check[]> {
  return checked('quotas', async () => {
    const [api, quotas] = await Promise.all([clients.cloudFront(), clients.quotas()]);
    const limits = await limitsOf(quotas);
    return Promise.all(
      QUOTAS.map(async ({ what, name, count }) =>
        quotaCheck({ what, used: await count(api), limit: limits.find((one) => name.test(one.name))?.value }),
      ),
    );
  });
}

async function limitsOf(api: QuotasApi): Promise<{ name: string; value: number }[]> {
  const found: { name: string; value: number }[] = [];
  let next: string | undefined;
  do {
    const page = await api.listQuotas({
      ServiceCode: 'cloudfront',
      ...(next === undefined ? {} : { NextToken: next }),
    });
    for (const { QuotaName: name = '', Value: value } of page.Quotas ?? [])
      if (value !== undefined) found.push({ name, value });
    next = page.NextToken;
  } while (next !== undefined);
  return found;
}

/** An environment makes one of each, sometimes several distributions: four fifths is the time to ask for more. */
export function quotaCheck({ what, used, limit }: { what: string; used: number; limit: number | undefined }): Check {
  const name = `quota ${what}`;
  if (limit === undefined) return { name, state: 'ok', message: `${used} in the account; AWS lists no limit` };
  const message = `${used} of ${limit} in the account`;
  if (used < limit * 0.8) return { name, state: 'ok', message };
  return {
    name,
    state: used < limit ? 'warning' : 'problem',
    message,
    remedy: 'Ask AWS for more: https://console.aws.amazon.com/servicequotas/home/services/cloudfront/quotas',
  };
}
