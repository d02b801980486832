/** Whether another stack has a kept resource, where that stack may not be read. */
import { expect, it } from 'vitest';
import type { Clients } from '../../../generator/aws/clients.ts';
import { findKept } from '../../../generator/aws/kept.ts';
import type { ManifestStack } from '../../../generator/output/manifest.ts';
import { variantTree } from '../../helpers/deployment-variants.ts';

const { manifest, files } = variantTree({ kept: 'all' });
const stack = manifest.stacks.find(({ id }) => id === 'base.edge') as ManifestStack;
const release = { manifest, files, shown: 'out/dev' };
const thrown = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });

const clients = (describeStacks: () => Promise<object>): Clients =>
  ({
    secretsManager: async () => ({
      describeSecret: async () => ({
        ARN: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:a-123456',
        Tags: [
          { Key: 'edgepass:project', Value: 'acme' },
          { Key: 'edgepass:environment', Value: 'dev' },
          { Key: 'aws:cloudformation:stack-id', Value: 'arn:aws:cloudformation:us-east-1:111111111111:stack/x/1' },
        ],
      }),
    }),
    cloudFormation: async () => ({ describeStacks }),
  }) as unknown as Clients;

it.each([
  ['denied', () => Promise.reject(thrown('AccessDenied', 'User is not authorized')), 1],
  ['gone', () => Promise.reject(thrown('ValidationError', 'Stack with id x does not exist')), 1],
  ['deleted', async () => ({ Stacks: [{ StackName: 'x', StackStatus: 'DELETE_COMPLETE' }] }), 1],
  ['our own', async () => ({ Stacks: [{ StackName: stack.name, StackStatus: 'ROLLBACK_COMPLETE' }] }), 1],
  ['alive', async () => ({ Stacks: [{ StackName: 'x', StackStatus: 'CREATE_COMPLETE' }] }), 0],
])('a stack that is %s', async (_name, describeStacks, kept) => {
  const found = await findKept({ clients: clients(describeStacks) }, stack, { release, live: undefined });
  expect([found.kept.length, found.objections.length]).toEqual([kept, 1 - kept]);
});

it('is not guessed when AWS cannot be asked', async () => {
  const down = clients(() => Promise.reject(thrown('InternalFailure', 'x')));
  await expect(findKept({ clients: down }, stack, { release, live: undefined })).rejects.toThrow('x');
});
