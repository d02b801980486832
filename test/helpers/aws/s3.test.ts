/** Buckets and objects: README.md, rules S1 to S6. */

import { Readable } from 'node:stream';
import { DeleteStackCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';
import { decodeChunked } from './wire/chunked.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

describe('S3', () => {
  const Bucket = 'artifacts';
  const put = (Key: string, more: object = {}) =>
    sdk.s3.send(new PutObjectCommand({ Bucket, Key, Body: `text of ${Key}`, ...more }));
  beforeEach(() => sdk.s3.send(new CreateBucketCommand({ Bucket })));

  it('S1: keeps objects with their type, metadata and checksum', async () => {
    await put('a b/ü.json', { ContentType: 'application/json', Metadata: { digest: 'd' } });
    const got = await sdk.s3.send(new GetObjectCommand({ Bucket, Key: 'a b/ü.json', ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe('text of a b/ü.json');
    expect(got).toMatchObject({
      ContentType: 'application/json',
      Metadata: { digest: 'd' },
      ChecksumCRC32: expect.any(String),
    });
    const head = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü.json' }));
    expect(head.ContentLength).toBe(19);
    await sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a b/ü.json' }));
    await expect(sdk.s3.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü.json' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(sdk.s3.send(new GetObjectCommand({ Bucket, Key: 'x' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('S2: decodes streamed uploads with trailers', async () => {
    const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.from('end')]);
    await sdk.s3.send(
      new PutObjectCommand({ Bucket, Key: 'big', Body, ContentLength: 70_003, ChecksumAlgorithm: 'SHA256' }),
    );
    const { Body: got, ChecksumSHA256 } = await sdk.s3.send(
      new GetObjectCommand({ Bucket, Key: 'big', ChecksumMode: 'ENABLED' }),
    );
    expect((await got?.transformToString())?.endsWith('aaend')).toBe(true);
    expect(ChecksumSHA256).toBeDefined();
    const raw = Buffer.from('5;chunk-signature=ab\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n');
    const decoded = decodeChunked(raw);
    expect([decoded.body.toString(), decoded.trailers]).toEqual(['hello!', { 'x-amz-checksum-crc32': 'AAAA' }]);
  });

  it('S3: writes once if told to', async () => {
    await put('k', { IfNoneMatch: '*' });
    await expect(put('k', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('S4: lists in pages', async () => {
    for (const key of ['p/1', 'p/2', 'p/3', 'q/1']) await put(key);
    const first = await sdk.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 2 }));
    const rest = await sdk.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'p/', ContinuationToken: first.NextContinuationToken }),
    );
    expect([
      first.IsTruncated,
      first.Contents?.map(({ Key }) => Key),
      rest.Contents?.map(({ Key }) => Key),
      rest.IsTruncated,
    ]).toEqual([true, ['p/1', 'p/2'], ['p/3'], false]);
  });

  it('S5: keeps buckets to their account and Region', async () => {
    const stranger = clients({ endpoint: aws.endpoint, account: '999999999999' });
    await expect(stranger.s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    await expect(stranger.s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyExists',
    });
    await expect(sdk.s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    await expect(
      sdk.s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '999999999999' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    const elsewhere = clients({ endpoint: aws.endpoint, region: 'us-east-1' });
    await expect(elsewhere.s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
    });
    expect((await sdk.s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1');
  });

  it('S6: a template makes a bucket, and does not remove it while it is full', async () => {
    await stack.deploy(template({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'made' } } }));
    await sdk.s3.send(new PutObjectCommand({ Bucket: 'made', Key: 'k', Body: 'x' }));
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect((await stack.stack()).StackStatus).toBe('DELETE_FAILED');
    await sdk.s3.send(new DeleteObjectCommand({ Bucket: 'made', Key: 'k' }));
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    await expect(stack.stack()).rejects.toThrow('does not exist');
    await expect(sdk.s3.send(new HeadBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({ name: 'NotFound' });
    expect(
      await driver(sdk.cloudFormation, 'second').deploy(
        template({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: Bucket } } }),
      ),
    ).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'second' }));
    expect(StackEvents.some(({ ResourceStatusReason }) => ResourceStatusReason?.includes('already exists'))).toBe(true);
  });
});
