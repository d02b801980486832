/**
 * Types whose resources can be found again by their name. A resource that outlives its stack keeps the name, so the next
 * stack cannot make it anew: it has to find it. A module whose template keeps named resources of another type needs a row.
 */
import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { DynamoDbApi } from './api/dynamodb.ts';
import type { Aws } from './context.ts';
import { isMissing } from './faults.ts';

interface Tag {
  Key?: string | undefined;
  Value?: string | undefined;
}

export interface Thing {
  /**
   * Primary identifier by property, as an import wants it. Source: CloudFormation User Guide, "Import AWS resources into a
   * CloudFormation stack manually"; the schema of the type says which property that is.
   */
  identifier: Readonly<Record<string, string>>;
  physicalId: string;
  arn: string;
  tags: Readonly<Record<string, string>>;
  /** Which content it has, without telling anything of it; absent where that cannot be told or there is none. */
  content?: string;
  /** It is about to go: no stack can have it, and no other thing its name. */
  leaving?: { how: string; hint: string };
}

export interface Place {
  name: string;
  region: string;
}

export interface KeptType {
  /** What people call it, at the beginning of a sentence. */
  noun: string;
  /** Property with the name. */
  named: string;
  find(aws: Pick<Aws, 'clients'>, at: Place): Promise<Thing | undefined>;
  /** Command of the AWS command line that puts tags on it. */
  tagging(thing: Thing, tags: Readonly<Record<string, string>>): string;
  /** Command that brings former content back. */
  restoring?(thing: Thing, former: string): string;
}

export const KEPT_TYPES: Readonly<Record<string, KeptType>> = {
  'AWS::SecretsManager::Secret': {
    noun: 'Secret',
    named: 'Name',
    find: findSecret,
    tagging: ({ arn }, tags) =>
      `aws secretsmanager tag-resource --secret-id ${arn} --tags ${inShort(tags)} --region ${regionOf(arn)}`,
    restoring: ({ arn, content = '' }, former) =>
      `aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage ${CURRENT} --move-to-version-id ${former} --remove-from-version-id ${content} --region ${regionOf(arn)}`,
  },
  'AWS::DynamoDB::Table': {
    noun: 'Table',
    named: 'TableName',
    find: findTable,
    tagging: ({ arn }, tags) =>
      `aws dynamodb tag-resource --resource-arn ${arn} --tags ${inShort(tags)} --region ${regionOf(arn)}`,
  },
};

/** Of the version that readers get. Source: Secrets Manager User Guide, "What's in a Secrets Manager secret?" */
const CURRENT = 'AWSCURRENT';

/** The identifier of a secret is its ARN, which ends in characters that AWS chose: only asking by name finds it. */
async function findSecret({ clients }: Pick<Aws, 'clients'>, { name, region }: Place): Promise<Thing | undefined> {
  const api = await clients.secretsManager(region);
  const found = await orNothing(() => api.describeSecret({ SecretId: name }));
  if (found?.ARN === undefined) return undefined;
  const version = currentVersion(found);
  return {
    identifier: { Id: found.ARN },
    physicalId: found.ARN,
    arn: found.ARN,
    tags: byKey(found.Tags),
    ...(version === undefined ? {} : { content: version }),
    ...(found.DeletedDate === undefined
      ? {}
      : {
          leaving: {
            how: 'is scheduled for deletion',
            hint: `To keep it with what it holds: \`aws secretsmanager restore-secret --secret-id ${name} --region ${region}\`. Otherwise wait until AWS has deleted it.`,
          },
        }),
  };
}

function currentVersion({ VersionIdsToStages = {} }: DescribeSecretCommandOutput): string | undefined {
  return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(CURRENT))?.[0];
}

async function findTable({ clients }: Pick<Aws, 'clients'>, { name, region }: Place): Promise<Thing | undefined> {
  const api = await clients.dynamoDb(region);
  const table = (await orNothing(() => api.describeTable({ TableName: name })))?.Table;
  if (table?.TableArn === undefined) return undefined;
  const thing = { identifier: { TableName: name }, physicalId: name, arn: table.TableArn };
  if (table.TableStatus === 'DELETING')
    return { ...thing, tags: {}, leaving: { how: 'is being deleted', hint: 'Wait until it is gone.' } };
  return { ...thing, tags: await tagsOfTable(api, table.TableArn) };
}

async function tagsOfTable(api: DynamoDbApi, ResourceArn: string): Promise<Record<string, string>> {
  const tags: Tag[] = [];
  let next: string | undefined;
  do {
    const page = await api.listTags({ ResourceArn, ...(next === undefined ? {} : { NextToken: next }) });
    tags.push(...(page.Tags ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return byKey(tags);
}

async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function byKey(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Shorthand of the AWS command line for a list of tags. */
function inShort(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `Key=${key},Value=${value}`)
    .join(' ');
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
