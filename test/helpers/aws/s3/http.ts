/** S3 over HTTP: path-style, or with the bucket in the host name below `localhost`. */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Answer } from '../wire/answer.ts';
import type { AwsRequest } from '../wire/request.ts';
import { FLAT_STYLE, members, toXml } from '../wire/xml.ts';
import type { Bucket, Caller, S3, StoredObject } from './model.ts';

export interface S3Call {
  operation: string;
  bucket: string;
  key: string;
}

/** Which operation it is. */
export function routeS3({ method, path, query, headers }: AwsRequest): S3Call {
  const virtual = /^(.+)\.localhost(?::\d+)?$/.exec(headers.host ?? '')?.[1];
  const [first = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  const bucket = virtual ?? first;
  const key = virtual === undefined ? rest.join('/') : [first, ...rest].join('/');
  const level = key !== '' ? 'Object' : 'Bucket';
  const sub = [
    'policy',
    'versioning',
    'encryption',
    'tagging',
    'lifecycle',
    'publicAccessBlock',
    'location',
    'uploads',
    'uploadId',
  ];
  const other = sub.find((name) => query.has(name));
  if (other !== undefined) return { operation: `${method} ?${other}`, bucket, key };
  const names: Record<string, string> = {
    'PUT Bucket': 'CreateBucket',
    'HEAD Bucket': 'HeadBucket',
    'GET Bucket': bucket === '' ? 'ListBuckets' : 'ListObjectsV2',
    'DELETE Bucket': 'DeleteBucket',
    'PUT Object': headers['x-amz-copy-source'] ? 'CopyObject' : 'PutObject',
    'GET Object': 'GetObject',
    'HEAD Object': 'HeadObject',
    'DELETE Object': 'DeleteObject',
  };
  return { operation: names[`${method} ${level}`] ?? method, bucket, key };
}

export function answerS3(
  s3: S3,
  request: AwsRequest,
  { operation, bucket: name, key, caller }: S3Call & { caller: Caller },
): Answer {
  const { headers, body } = request;
  const open = () => s3.bucket(name, caller, headers['x-amz-expected-bucket-owner']);
  switch (operation) {
    case 'CreateBucket': {
      s3.createBucket(name, caller);
      return { status: 200, headers: { location: `/${name}` }, body: '' };
    }
    case 'HeadBucket':
      return { status: 200, headers: { 'x-amz-bucket-region': open().region }, body: '' };
    case 'DeleteBucket': {
      if (open().objects.size > 0)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', { status: 409 });
      s3.buckets.delete(name);
      return { status: 204, headers: {}, body: '' };
    }
    case 'ListObjectsV2':
      return list(open(), request.query);
    case 'PutObject': {
      checkDigest(headers['x-amz-content-sha256'], body);
      const bucket = open();
      checkMatch(bucket, key, headers['if-match']);
      const object = s3.put(bucket, key, { body, headers: kept(headers), onlyNew: headers['if-none-match'] === '*' });
      return { status: 200, headers: { etag: object.etag, ...checksums(object) }, body: '' };
    }
    case 'GetObject':
    case 'HeadObject': {
      const object = s3.object(open(), key);
      const more = headers['x-amz-checksum-mode'] === 'ENABLED' ? checksums(object) : {};
      const plain = Object.fromEntries(
        Object.entries(object.headers).filter(([header]) => !header.startsWith('x-amz-checksum-')),
      );
      return {
        status: 200,
        headers: {
          ...plain,
          ...more,
          etag: object.etag,
          'last-modified': object.modified.toUTCString(),
          'content-length': String(object.body.length),
        },
        body: operation === 'GetObject' ? object.body : '',
      };
    }
    case 'DeleteObject': {
      const bucket = open();
      checkMatch(bucket, key, headers['if-match']);
      bucket.objects.delete(key);
      return { status: 204, headers: {}, body: '' };
    }
    default:
      throw new AwsError('NotImplemented', `This stand-in does not know ${operation}`, { status: 501 });
  }
}

/** `If-Match`: only when the object is still the one with that ETag. */
function checkMatch(bucket: Bucket, key: string, wanted: string | undefined): void {
  if (wanted === undefined) return;
  const found = bucket.objects.get(key)?.etag;
  if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  if (found === wanted) return;
  const message = 'At least one of the pre-conditions you specified did not hold';
  throw new AwsError('PreconditionFailed', message, { status: 412 });
}

function list(bucket: Bucket, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const size = Number(query.get('max-keys') ?? 1000);
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const shown = keys.slice(0, size);
  const more = keys.length > shown.length;
  const result = {
    Name: bucket.name,
    Prefix: prefix,
    KeyCount: shown.length,
    MaxKeys: size,
    IsTruncated: more,
    NextContinuationToken: more ? shown.at(-1) : undefined,
    Contents: shown.map((key) => {
      const { etag, body, modified } = bucket.objects.get(key) as StoredObject;
      return { Key: key, LastModified: modified, ETag: etag, Size: body.length, StorageClass: 'STANDARD' };
    }),
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: toXml('ListBucketResult', result, FLAT_STYLE),
  };
}

export function s3Error({ code, message }: AwsError, requestId: string): string {
  return `<Error>${members({ Code: code, Message: message, RequestId: requestId }, FLAT_STYLE)}</Error>`;
}

function kept(headers: AwsRequest['headers']): Record<string, string> {
  const names = Object.keys(headers).filter(
    (name) =>
      /^x-amz-(meta|checksum)-/.test(name) || ['content-type', 'cache-control', 'content-disposition'].includes(name),
  );
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));
}

function checksums({ headers }: StoredObject): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^x-amz-checksum-(crc|sha)/.test(name)));
}

function checkDigest(stated: string | undefined, body: Buffer): void {
  if (stated === undefined || !/^[0-9a-f]{64}$/.test(stated)) return;
  if (createHash('sha256').update(body).digest('hex') === stated) return;
  throw new AwsError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
