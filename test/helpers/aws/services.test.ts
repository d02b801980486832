/** S3, IAM and CloudFront beside the stacks: README.md, rules S, I and F. */

import { Readable } from 'node:stream';
import { DeleteStackCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeFunctionCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  ListOpenIDConnectProvidersCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
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

describe('IAM', () => {
  it('I1: shows roles and providers that templates make', async () => {
    const trust = { Version: '2012-10-17', Statement: [] };
    const body = template({
      R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deploy', AssumeRolePolicyDocument: trust } },
      P: {
        Type: 'AWS::IAM::OIDCProvider',
        Properties: { Url: 'https://token.actions.githubusercontent.com', ClientIdList: ['sts.amazonaws.com'] },
      },
    });
    await stack.deploy(body, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
    const { Role } = await sdk.iam.send(new GetRoleCommand({ RoleName: 'deploy' }));
    expect(Role?.Arn).toBe('arn:aws:iam::111122223333:role/deploy');
    expect(JSON.parse(decodeURIComponent(String(Role?.AssumeRolePolicyDocument)))).toEqual(trust);
    const OpenIDConnectProviderArn = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
    const { OpenIDConnectProviderList } = await sdk.iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
    const provider = await sdk.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(provider).toMatchObject({ Url: 'token.actions.githubusercontent.com', ClientIDList: ['sts.amazonaws.com'] });
    const stranger = clients({ endpoint: aws.endpoint, account: '999999999999' });
    await expect(stranger.iam.send(new GetRoleCommand({ RoleName: 'deploy' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('I2: simulates what a test decides', async () => {
    aws.iam.decide = ({ action }) => (action.startsWith('iam:') ? 'explicitDeny' : 'allowed');
    const { EvaluationResults } = await sdk.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: 'arn:aws:iam::111122223333:role/r',
        ActionNames: ['s3:GetObject', 'iam:PassRole'],
      }),
    );
    expect(EvaluationResults?.map((one) => [one.EvalActionName, one.EvalDecision])).toEqual([
      ['s3:GetObject', 'allowed'],
      ['iam:PassRole', 'explicitDeny'],
    ]);
  });
});

describe('CloudFront', () => {
  const DistributionConfig = {
    Enabled: true,
    Comment: 'a & b',
    Aliases: ['media.example.com'],
    Origins: [
      {
        Id: 'o',
        DomainName: 'o.example.com',
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      },
    ],
    DefaultCacheBehavior: {
      TargetOriginId: 'o',
      ViewerProtocolPolicy: 'https-only',
      FunctionAssociations: [
        { EventType: 'viewer-request', FunctionARN: 'arn:aws:cloudfront::111122223333:function/f' },
      ],
    },
  };
  const body = template({
    D: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig } },
    F: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: 'f',
        AutoPublish: true,
        FunctionCode: 'x',
        FunctionConfig: { Comment: 'c', Runtime: 'cloudfront-js-2.0' },
      },
    },
  });

  it('F1: shows the distribution of a template in the form of its own API', async () => {
    await stack.deploy(body);
    const Id = aws.cloudformation('eu-west-1').resource('shop', 'D').physicalId;
    const { Distribution } = await sdk.cloudFront.send(new GetDistributionCommand({ Id }));
    expect(Distribution).toMatchObject({
      Id,
      Status: 'Deployed',
      DomainName: expect.stringMatching(/^d[0-9a-f]{13}\.cloudfront\.net$/),
      DistributionConfig: {
        Comment: 'a & b',
        Enabled: true,
        Aliases: { Quantity: 1, Items: ['media.example.com'] },
        Origins: {
          Quantity: 1,
          Items: [{ Id: 'o', CustomOriginConfig: { OriginSslProtocols: { Items: ['TLSv1.2'] } } }],
        },
        DefaultCacheBehavior: { FunctionAssociations: { Items: [{ EventType: 'viewer-request' }] } },
      },
    });
    const { DistributionList } = await sdk.cloudFront.send(new ListDistributionsCommand({}));
    expect(DistributionList?.Items?.map((one) => [one.Id, one.Comment])).toEqual([[Id, 'a & b']]);
    const { FunctionSummary } = await sdk.cloudFront.send(new DescribeFunctionCommand({ Name: 'f', Stage: 'LIVE' }));
    expect(FunctionSummary?.FunctionConfig).toMatchObject({ Comment: 'c', Runtime: 'cloudfront-js-2.0' });
    await expect(sdk.cloudFront.send(new GetDistributionCommand({ Id: 'E0' }))).rejects.toMatchObject({
      name: 'NoSuchDistribution',
    });
  });

  it('F2: takes an update of the version that it has, and loses nothing', async () => {
    await stack.deploy(body);
    const Id = aws.cloudformation('eu-west-1').resource('shop', 'D').physicalId;
    const { ETag, DistributionConfig: config } = await sdk.cloudFront.send(new GetDistributionConfigCommand({ Id }));
    if (!config) throw new Error('no config');
    const next = { ...config, Comment: 'b < c' };
    const update = (IfMatch: string | undefined) =>
      sdk.cloudFront.send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig: next }));
    await expect(update(undefined)).rejects.toMatchObject({ name: 'InvalidIfMatchVersion' });
    await expect(update('EOLD')).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    const updated = await update(ETag);
    expect(updated.ETag).not.toBe(ETag);
    const after = await sdk.cloudFront.send(new GetDistributionConfigCommand({ Id }));
    expect([after.ETag, after.DistributionConfig]).toEqual([updated.ETag, next]);
    await expect(update(ETag)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });
});
