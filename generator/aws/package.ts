/** Uploads what stacks are made from, named by digest: nothing is uploaded twice, nothing is ever overwritten. */
import { createHash } from 'node:crypto';
import { isPackaged } from '../bundle/bundle-types.ts';
import type { ManifestStack } from '../output/manifest.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import type { S3Api } from './api/s3.ts';
import { artifactKey, bucketName, manifestKey, templateKey } from './bucket.ts';
import type { Aws } from './context.ts';
import { faultOf, isMissing } from './faults.ts';
import { Refusal } from './refusal.ts';
import { type Release, textOf } from './release.ts';

export interface Upload {
  region: string;
  bucket: string;
  key: string;
  bytes: Uint8Array;
  contentType: string;
}

export interface Packaged {
  /** `s3://<bucket>/<key>`, in the order of the manifest. */
  uploaded: string[];
  /** What was there already. */
  present: string[];
}

/** What the given stacks need, and what a later rollback will: code and templates, each in the Regions of its stacks, and the manifest. */
export function uploadsOf(release: Release, stacks: readonly ManifestStack[] = release.manifest.stacks): Upload[] {
  const { manifest } = release;
  const packaged = manifest.functions.filter(({ kind }) => isPackaged(kind));
  const digests = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  const uploads = stacks.flatMap((stack): Upload[] => {
    const at = { region: stack.region, bucket: bucketName({ account: manifest.account, region: stack.region }) };
    const text = textOf(release, stack.template);
    const code = packaged
      .filter(({ sha256 }) => text.includes(artifactKey(sha256)))
      .map(({ file, sha256 }) => ({
        ...at,
        key: artifactKey(sha256),
        bytes: bytesOf(release, file),
        contentType: 'application/zip',
      }));
    const key = templateKey(digests.get(stack.template) ?? '', stack);
    return [...code, { ...at, key, bytes: bytesOf(release, stack.template), contentType: 'application/yaml' }];
  });
  const home: Upload = {
    region: manifest.region,
    bucket: bucketName(manifest),
    key: manifestKey(manifest),
    bytes: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    contentType: 'application/json',
  };
  return [...new Map([...uploads, home].map((upload) => [`${upload.bucket}/${upload.key}`, upload])).values()];
}

/** Faults: EP7101, EP7102, and those of AWS. */
export async function packageRelease(
  aws: Pick<Aws, 'clients'>,
  release: Release,
  uploads: readonly Upload[] = uploadsOf(release),
): Promise<Outcome<Packaged>> {
  const { account } = release.manifest;
  const done = await Promise.all(
    uploads.map(async (upload) => {
      const s3 = await aws.clients.s3(upload.region);
      return { name: `s3://${upload.bucket}/${upload.key}`, isNew: await put(s3, upload, account) };
    }),
  );
  const names = (isNew: boolean): string[] => done.filter((one) => one.isNew === isNew).map(({ name }) => name);
  return outcome({ uploaded: names(true), present: names(false) });
}

/** Whether it was uploaded now. */
async function put(s3: S3Api, { bucket, key, bytes, contentType, region }: Upload, owner: string): Promise<boolean> {
  const at = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
  try {
    if (await isThere(s3, at)) return false;
    await s3.putObject({
      ...at,
      Body: bytes,
      ContentType: contentType,
      ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
      IfNoneMatch: '*',
    });
    return true;
  } catch (error) {
    // Somebody else was quicker with the same bytes.
    if (isPrecondition(error)) return false;
    throw bucketFault(error, { bucket, region }) ?? error;
  }
}

async function isThere(s3: S3Api, at: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await s3.headObject(at);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** S3 answers so when an object is there that must not be, or is another one than it must be. */
export function isPrecondition(error: unknown): boolean {
  return error instanceof Error && /^(PreconditionFailed|ConditionalRequestConflict)$/.test(error.name);
}

/** A fault of the bucket itself, with its remedy; undefined when it is another one. */
export function bucketFault(
  error: unknown,
  { bucket, region }: { bucket: string; region: string },
): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'NoSuchBucket')
    return new Refusal({
      code: 'EP7101',
      severity: 'error',
      message: `There is no artifact bucket ${bucket} in ${region}.`,
      hint: 'Make it once for this account and Region with `edgepass bootstrap`.',
    });
  const fault = faultOf(error);
  if (fault?.code !== 'EP7014' && fault?.code !== 'EP7017') return undefined;
  return new Refusal({
    code: 'EP7102',
    severity: 'error',
    message: `The artifact bucket ${bucket} cannot be used: ${fault.message}`,
    hint: 'See that the role may use it (`edgepass permissions package`), and that the bucket is in this account.',
  });
}

function bytesOf({ files }: Release, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`${path} is not in the manifest's files`);
  return bytes;
}
