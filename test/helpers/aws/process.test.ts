/** A whole process that only has its environment to go by: README.md, rule W6. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../config.ts';
import { startAws } from './start.ts';

const PROGRAM = `
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
const s3 = new S3Client({});
await s3.send(new PutObjectCommand({ Bucket: 'made', Key: 'k/1', Body: 'x' }));
const cloudFormation = new CloudFormationClient({});
const TemplateBody = JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } } });
await cloudFormation.send(new CreateStackCommand({ StackName: 'shop', TemplateBody }));
const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'shop' }));
process.stdout.write(Stacks[0].StackId + ' ' + Stacks[0].StackStatus);
`;

it('W6: a process with the environment of the stand-in talks to it', async () => {
  const aws = await startAws();
  const account = '222222222222';
  const region = 'eu-central-1';
  aws.s3.createBucket('made', { account, region });
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...aws.environment({ region, account }) };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: root,
    env,
  });
  expect(stdout).toMatch(/^arn:aws:cloudformation:eu-central-1:222222222222:stack\/shop\/[0-9a-f-]+ CREATE_COMPLETE$/);
  expect(aws.s3.buckets.get('made')?.objects.get('k/1')?.body.toString()).toBe('x');
  await aws.close();
});
