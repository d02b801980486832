/** What was deployed and when, kept in the artifact bucket: `status` shows it, `rollback` goes back to it. */
import type { Manifest } from '../output/manifest.ts';
import type { S3Api } from './api/s3.ts';
import { bucketName, planKey, recordPrefix } from './bucket.ts';
import type { Aws } from './context.ts';
import { isMissing } from './faults.ts';

export interface DeploymentRecord {
  version: 1;
  project: string;
  environment: string;
  /** Digest of the manifest. */
  manifest: string;
  /** ISO 8601, when the last stack was done. */
  at: string;
  who: string;
  /** ARN of the AWS caller. */
  caller: string;
  command: string;
  plan: string;
  stacks: { id: string; name: string; region: string; outcome: string }[];
}

/** A record as its name tells it, without reading it. */
export interface ListedRecord {
  key: string;
  at: string;
  manifest: string;
}

type Place = Pick<Manifest, 'project' | 'environment' | 'account' | 'region'>;

/** Returns the key. */
export async function writeRecord(aws: Pick<Aws, 'clients'>, place: Place, record: DeploymentRecord): Promise<string> {
  const s3 = await aws.clients.s3(place.region);
  const key = `${recordPrefix(place)}${record.at}-${record.manifest}.json`;
  await putJson(s3, { place, key, content: record });
  return key;
}

/** Newest first. */
export async function listRecords({ clients }: Pick<Aws, 'clients'>, place: Place): Promise<ListedRecord[]> {
  const s3 = await clients.s3(place.region);
  const prefix = recordPrefix(place);
  const keys: string[] = [];
  let next: string | undefined;
  do {
    const page = await s3.listObjects({
      Bucket: bucketName(place),
      Prefix: prefix,
      ...(next === undefined ? {} : { ContinuationToken: next }),
    });
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return keys
    .sort()
    .reverse()
    .flatMap((key) => {
      const [, at = '', manifest = ''] = /^(.+)-([0-9a-f]{64})\.json$/.exec(key.slice(prefix.length)) ?? [];
      return manifest === '' ? [] : [{ key, at, manifest }];
    });
}

/** The content of an object; undefined when there is none. */
export async function readObject(
  { clients }: Pick<Aws, 'clients'>,
  { bucket, region, key }: { bucket: string; region: string; key: string },
): Promise<Uint8Array | undefined> {
  const s3 = await clients.s3(region);
  try {
    const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
    return await Body?.transformToByteArray();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a reviewed plan was made over, by id of the stack; kept so that a deployment that was cut off can go on. */
export interface KeptPlan {
  manifest: string;
  fingerprints: Record<string, string>;
}

export async function keepPlan(
  { clients }: Pick<Aws, 'clients'>,
  { place, plan, content }: { place: Place; plan: string; content: KeptPlan },
): Promise<void> {
  await putJson(await clients.s3(place.region), { place, key: planKey(place, plan), content });
}

export async function keptPlan(
  aws: Pick<Aws, 'clients'>,
  { place, plan }: { place: Place; plan: string },
): Promise<KeptPlan | undefined> {
  const at = { bucket: bucketName(place), region: place.region, key: planKey(place, plan) };
  const bytes = await readObject(aws, at);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as KeptPlan);
}

async function putJson(
  s3: S3Api,
  { place, key, content }: { place: Place; key: string; content: unknown },
): Promise<void> {
  await s3.putObject({
    Bucket: bucketName(place),
    Key: key,
    ExpectedBucketOwner: place.account,
    Body: `${JSON.stringify(content, null, 2)}\n`,
    ContentType: 'application/json',
  });
}
