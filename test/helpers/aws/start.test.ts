/** The front: real clients of every service, faults on the wire, and the record of calls. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clients } from './clients.ts';
import { EXPIRED } from './faults.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
beforeEach(async () => {
  aws = await startAws({ accounts: { AKIDSTAGING: '222222222222' } });
});
afterEach(() => aws.close());

const missing = new DescribeStacksCommand({ StackName: 'none' });

describe('startAws', () => {
  it('W1: takes account, Region and service from the credential scope', async () => {
    const named = await clients({ endpoint: aws.endpoint, account: 'AKIDSTAGING' }).sts.send(
      new GetCallerIdentityCommand({}),
    );
    expect(named.Account).toBe('222222222222');
    const plain = await clients({ endpoint: aws.endpoint, account: '333333333333' }).sts.send(
      new GetCallerIdentityCommand({}),
    );
    expect(plain.Arn).toBe('arn:aws:iam::333333333333:user/333333333333');
    const other = await clients({ endpoint: aws.endpoint, account: 'AKIDANY' }).sts.send(
      new GetCallerIdentityCommand({}),
    );
    expect(other.Account).toBe('111122223333');
  });

  it('W2: answers errors in the form of the service', async () => {
    const { cloudFormation } = clients(aws);
    await expect(cloudFormation.send(missing)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('W3: records every call in order', async () => {
    const { sts, cloudFormation } = clients(aws);
    await sts.send(new GetCallerIdentityCommand({}));
    await cloudFormation.send(missing).catch(() => undefined);
    expect(aws.calls).toEqual([
      { service: 'sts', operation: 'GetCallerIdentity', region: 'eu-west-1', account: '111122223333', input: {} },
      {
        service: 'cloudformation',
        operation: 'DescribeStacks',
        region: 'eu-west-1',
        account: '111122223333',
        input: { StackName: 'none' },
      },
    ]);
  });

  it('W4: cuts the connection, and a client with retries gets through', async () => {
    aws.faults.add({ service: 'sts', error: 'reset', times: 2 });
    await expect(clients(aws).sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    const patient = clients({ endpoint: aws.endpoint, maxAttempts: 2 });
    expect((await patient.sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
    expect(aws.calls).toHaveLength(3);
  });

  it('W4: throttles, denies and delays only what it was told to', async () => {
    const { sts, cloudFormation } = clients(aws);
    aws.faults.add({ operation: 'GetCallerIdentity', error: 'throttle' });
    aws.faults.add({ operation: 'GetCallerIdentity', error: EXPIRED });
    aws.faults.add({ operation: 'GetCallerIdentity', error: { delayMs: 30 } });
    await expect(cloudFormation.send(missing)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'Throttling' });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
    const before = performance.now();
    await sts.send(new GetCallerIdentityCommand({}));
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  it('W4: loses the answer of a request that was done', async () => {
    aws.faults.add({ operation: 'CreateBucket', error: 'reset', when: 'after' });
    const { s3 } = clients(aws);
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect([...aws.s3.buckets.keys()]).toEqual(['made']);
  });

  it('W5: says that it does not know an operation', async () => {
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/cloudformation/aws4_request' },
      body: 'Action=ListExports',
    });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('<Code>InvalidAction</Code>'),
    ]);
    expect((await fetch(aws.endpoint)).status).toBe(403);
  });
});
