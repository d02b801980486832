/** An import that would do more than import is not executed. */
import type { ResourceChange } from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import type { Aws } from '../../../generator/aws/context.ts';
import { SILENT } from '../../../generator/aws/progress.ts';
import { Refusal } from '../../../generator/aws/refusal.ts';
import type { SurveyedStack } from '../../../generator/aws/survey.ts';
import { takeUp } from '../../../generator/aws/take-up.ts';
import type { ManifestStack } from '../../../generator/output/manifest.ts';
import { variantTree } from '../../helpers/deployment-variants.ts';

const { manifest, files } = variantTree({ kept: 'table' });
const stack = manifest.stacks.find(({ id }) => id === 'base.home') as ManifestStack;
const found: SurveyedStack = {
  stack,
  live: { parameters: {}, outputs: {}, terminationProtection: false },
  action: 'create',
  busy: false,
  template: undefined,
  parameters: { values: {}, unknown: {} },
  kept: [
    {
      resource: 'Rows',
      type: 'AWS::DynamoDB::Table',
      name: 'acme-dev-rows',
      thing: { identifier: { TableName: 'acme-dev-rows' }, physicalId: 'acme-dev-rows', arn: 'arn', tags: {} },
    },
  ],
  objections: [],
  begun: false,
  fingerprint: 'f'.repeat(64),
};

it.each<[string, ResourceChange]>([
  ['creates', { Action: 'Add', LogicalResourceId: 'Rows' }],
  ['changes', { Action: 'Modify', LogicalResourceId: 'Rows' }],
  ['imports something else', { Action: 'Import', LogicalResourceId: 'Other' }],
])('one that %s', async (_name, other) => {
  const called: string[] = [];
  const api = {
    createChangeSet: async () => ({ Id: 'arn:change-set' }),
    describeChangeSet: async () => ({
      Status: 'CREATE_COMPLETE',
      Changes: [{ ResourceChange: { Action: 'Import', LogicalResourceId: 'Rows' } }, { ResourceChange: other }],
    }),
    deleteChangeSet: async ({ ChangeSetName }: { ChangeSetName: string }) => called.push(`delete ${ChangeSetName}`),
    executeChangeSet: async () => called.push('execute'),
  };
  const aws = { clients: { cloudFormation: async () => api }, progress: SILENT } as unknown as Aws;
  const release = { manifest, files, shown: 'out/dev' };
  const refused = await takeUp(aws, found, { release, resume: 'edgepass deploy' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect((refused as Refusal).diagnostics.map(({ code }) => code)).toEqual(['EP7201']);
  expect(called).toEqual(['delete arn:change-set']);
});
