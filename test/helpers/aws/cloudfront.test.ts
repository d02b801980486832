/** Distributions: README.md, rules F1 and F2. */

import {
  DescribeFunctionCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

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
