/**
 * Which tables there are, by name: those of stacks, in their account and Region. Their items are those of `tables.ts`.
 * Source: DynamoDB API reference, DescribeTable, ListTagsOfResource.
 */
import { AwsError } from '../errors.ts';
import type { Ids } from '../ids.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { LiveResource, World } from '../world.ts';
import type { Caller } from './secrets-manager.ts';
import type { Tables } from './tables.ts';

const TYPE = 'AWS::DynamoDB::Table';

interface Input {
  TableName?: string;
  ResourceArn?: string;
}

export class TableNames {
  readonly #world: World;
  readonly #ids = new Map<string, string>();
  /** Names of tables that are on their way out. */
  readonly deleting = new Set<string>();

  constructor(world: World, { tables, ids }: { tables: Tables; ids: Ids }) {
    this.#world = world;
    world.watch(TYPE, {
      created: ({ physicalId }) => {
        this.#ids.set(physicalId, ids.uuid());
        if (!tables.has(physicalId)) tables.create(physicalId);
      },
      deleted: ({ physicalId }) => tables.drop(physicalId),
    });
  }

  /** Somebody makes a table by hand. */
  create({ account, region, name, tags = {} }: Caller & { name: string; tags?: Record<string, string> }): void {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const properties: JsonObject = { TableName: name, Tags };
    this.#world.create({ account, region, type: TYPE, physicalId: name, properties, attributes: {} });
  }

  knows(operation: string): boolean {
    return operation === 'DescribeTable' || operation === 'ListTagsOfResource';
  }

  call(operation: string, { TableName, ResourceArn }: Input, caller: Caller): object {
    const { physicalId, properties } = this.#find(TableName ?? ResourceArn?.split(':table/')[1], caller);
    // CloudFormation's own tags are not among them: importing a table adds none.
    if (operation === 'ListTagsOfResource')
      return { Tags: Array.isArray(properties.Tags) ? properties.Tags.filter(isObject) : [] };
    const TableArn = `arn:aws:dynamodb:${caller.region}:${caller.account}:table/${physicalId}`;
    const TableStatus = this.deleting.has(physicalId) ? 'DELETING' : 'ACTIVE';
    return { Table: { TableName: physicalId, TableArn, TableId: this.#ids.get(physicalId), TableStatus } };
  }

  #find(name: string | undefined, { account, region }: Caller): LiveResource {
    const found = this.#world.get({ account, region, type: TYPE, physicalId: String(name) });
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  }
}
