/** Brings what config.yaml says into the table of the API, at every deployment: its settings, and its assets. */
import type { AssetContent, SeededStore } from '../aws/asset-store.ts';
import { answerCustomResource, type CustomResourceEvent, type Send } from '../base/custom-resource.ts';
import type { ApiSettings } from './settings.ts';

/** Texts, because CloudFormation makes texts of all that is in the properties of a resource. */
export interface SeedProperties {
  /** JSON of `ApiSettings`. */
  Settings: string;
  /** JSON: assets by id. */
  Assets: string;
  /** Seconds. */
  LongestLifetime: string;
  /** JSON, output `distributions` of the module with the streams: the names they have of themselves. */
  Distributions: string;
}

export type SeedEvent = CustomResourceEvent & { ResourceProperties: SeedProperties };

export interface Seeded {
  /** Assets written, left to who changed them through the API, and gone from config.yaml. */
  written: number;
  left: number;
  gone: number;
}

/** Told to who deploys. */
export class SeedFault extends Error {
  override readonly name = 'SeedFault';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The settings first: an asset is of no use to an API that does not know its stream. */
export async function seedTable(
  store: SeededStore,
  { Settings, Assets, LongestLifetime, Distributions }: SeedProperties,
): Promise<Seeded> {
  const settings = JSON.parse(Settings) as Omit<ApiSettings, 'longestLifetime'>;
  const assets = JSON.parse(Assets) as Record<string, AssetContent>;
  await store.writeSettings(
    JSON.stringify({
      ...settings,
      longestLifetime: Number(LongestLifetime),
      domains: domainsOf(settings, Distributions),
    }),
  );
  const seeded: Seeded = { written: 0, left: 0, gone: 0 };
  for (const [id, asset] of Object.entries(assets)) seeded[(await store.seed(id, asset)) ? 'written' : 'left'] += 1;
  for (const id of await store.seeded()) {
    if (Object.hasOwn(assets, id)) continue;
    await store.unseed(id);
    seeded.gone += 1;
  }
  return seeded;
}

/** The delivery domains, or where there are none the name that the distribution has of itself. */
function domainsOf({ domains }: Pick<ApiSettings, 'domains'>, distributions: string): ApiSettings['domains'] {
  if (Object.keys(domains).length > 0) return domains;
  const [first] = JSON.parse(distributions) as { domainName: string }[];
  if (first === undefined)
    throw new SeedFault(
      'no_delivery_domain',
      'The distribution is attached, so its host names have to stand under `domains`.',
    );
  return { distribution: { host: first.domainName } };
}

export async function handleSeed(
  event: SeedEvent,
  store: SeededStore,
  { tell, send }: { tell(seeded: Seeded): void; send?: Send },
): Promise<void> {
  await answerCustomResource(event, {
    physicalId: 'edgepass-api-seed',
    run: async () => tell(await seedTable(store, event.ResourceProperties)),
    ...(send === undefined ? {} : { send }),
  });
}
