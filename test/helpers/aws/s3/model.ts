/** Buckets and objects, without HTTP. Bucket names are one space for all accounts. */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError, validationError } from '../errors.ts';
import type { World } from '../world.ts';

export interface StoredObject {
  body: Buffer;
  /** In quotes, as in the header. */
  etag: string;
  modified: Date;
  /** Headers that come back with the object: content type, metadata, checksums. */
  headers: Record<string, string>;
}

export interface Bucket {
  name: string;
  account: string;
  region: string;
  created: Date;
  objects: Map<string, StoredObject>;
}

export interface Caller {
  account: string;
  region: string;
}

export class S3 {
  readonly buckets = new Map<string, Bucket>();
  readonly #clock: Clock;

  constructor(clock: Clock, world: World) {
    this.#clock = clock;
    world.watch('AWS::S3::Bucket', {
      exists: ({ physicalId }) => this.buckets.has(physicalId),
      created: ({ physicalId, account, region }) => this.#add(physicalId, { account, region }),
      refusesDelete: ({ physicalId }) =>
        (this.buckets.get(physicalId)?.objects.size ?? 0) > 0
          ? 'The bucket you tried to delete is not empty (Service: S3, Status Code: 409)'
          : undefined,
      deleted: ({ physicalId }) => this.buckets.delete(physicalId),
    });
  }

  createBucket(name: string, caller: Caller): void {
    const existing = this.buckets.get(name);
    if (existing?.account === caller.account) {
      // In us-east-1 this is no error, for the sake of old callers.
      if (caller.region === 'us-east-1' && existing.region === 'us-east-1') return;
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        { status: 409 },
      );
    }
    if (existing)
      throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', { status: 409 });
    this.#add(name, caller);
  }

  /** The bucket, if the caller may use it where they look for it. */
  bucket(name: string, caller: Caller, expectedOwner?: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
    if (bucket.account !== caller.account || (expectedOwner !== undefined && expectedOwner !== bucket.account)) {
      throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    }
    if (bucket.region !== caller.region) {
      const message =
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
      throw new AwsError('PermanentRedirect', message, {
        status: 301,
        headers: { 'x-amz-bucket-region': bucket.region },
      });
    }
    return bucket;
  }

  object(bucket: Bucket, key: string): StoredObject {
    const object = bucket.objects.get(key);
    if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
    return object;
  }

  put(
    bucket: Bucket,
    key: string,
    {
      body,
      headers = {},
      onlyNew = false,
    }: { body: Buffer | string; headers?: Record<string, string>; onlyNew?: boolean },
  ): StoredObject {
    if (onlyNew && bucket.objects.has(key)) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
        status: 412,
      });
    }
    const bytes = Buffer.from(body);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const object = { body: bytes, etag, modified: this.#clock.now(), headers };
    bucket.objects.set(key, object);
    return object;
  }

  /** The text that a template URL leads to, in any of the forms that S3 has. */
  read(url: string, region: string): string {
    const { host, pathname } = parseUrl(url);
    const [first = '', ...rest] = decodeURIComponent(pathname).slice(1).split('/');
    const virtual = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$/.exec(host)?.[1];
    const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
    if (virtual === undefined && !local && !/^s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$/.test(host)) {
      throw validationError('TemplateURL must be a supported URL.');
    }
    const name = virtual ?? first;
    const key = virtual === undefined ? rest.join('/') : [first, ...rest].join('/');
    const bucket = this.buckets.get(name);
    const text = bucket?.objects.get(key)?.body.toString('utf8');
    if (text === undefined) {
      const what = bucket ? 'The specified key does not exist.' : `The specified bucket does not exist (${region})`;
      throw validationError(
        `S3 error: ${what}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
      );
    }
    return text;
  }

  #add(name: string, { account, region }: Caller): void {
    this.buckets.set(name, { name, account, region, created: this.#clock.now(), objects: new Map() });
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw validationError('TemplateURL must be a supported URL.');
  }
}
