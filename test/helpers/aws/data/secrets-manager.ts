/**
 * Secrets Manager of all accounts and Regions, in front of what stacks and tests made: names, tags, deletion. Values and
 * their versions are those of `secrets.ts`. Source: Secrets Manager API reference.
 */
import { AwsError } from '../errors.ts';
import type { Ids } from '../ids.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { LiveResource, World } from '../world.ts';
import { Secrets } from './secrets.ts';

const TYPE = 'AWS::SecretsManager::Secret';

export interface Caller {
  account: string;
  region: string;
}

interface Input {
  SecretId?: string;
  ForceDeleteWithoutRecovery?: boolean;
}

export class SecretsManager {
  readonly values = new Secrets();
  /** Importing a secret makes its generated value anew: nothing promises that it does not. */
  regeneratesOnImport = false;
  readonly #world: World;
  readonly #ids: Ids;
  /** Scheduled for deletion: by ARN, seconds since 1970. */
  readonly #leaving = new Map<string, number>();

  constructor(world: World, ids: Ids) {
    this.#world = world;
    this.#ids = ids;
    world.watch(TYPE, {
      created: (secret) => {
        this.values.create(secret.physicalId);
        this.#fill(secret, {});
      },
      updated: (secret, before) => this.#fill(secret, before),
      adopted: (secret) => {
        if (this.regeneratesOnImport) this.#fill(secret, {});
      },
      // The name is taken until the secret is really gone; ARNs end in characters that are never the same.
      exists: (at) => this.#named(nameIn(at.physicalId), at) !== undefined,
    });
  }

  /** Somebody makes a secret by hand. Gives its ARN. */
  create({ account, region, name, tags = {} }: Caller & { name: string; tags?: Record<string, string> }): string {
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${this.#ids.uuid().slice(0, 6)}`;
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const properties: JsonObject = { Name: name, Tags };
    this.#world.create({ account, region, type: TYPE, physicalId: arn, properties, attributes: { Id: arn } });
    return arn;
  }

  call(operation: string, input: Input, caller: Caller): object {
    const secret = this.#find(String(input.SecretId), caller);
    const arn = secret.physicalId;
    if (operation === 'DescribeSecret') return this.#describe(secret);
    if (operation === 'DeleteSecret') {
      if (input.ForceDeleteWithoutRecovery) this.#world.delete(secret);
      else this.#leaving.set(arn, 1_800_000_000);
      return { ARN: arn, Name: secret.properties.Name, DeletionDate: 1_800_000_000 };
    }
    if (operation === 'RestoreSecret') {
      this.#leaving.delete(arn);
      return { ARN: arn, Name: secret.properties.Name };
    }
    if (this.#leaving.has(arn))
      throw new AwsError(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    return this.values.call(operation, { ...input, SecretId: arn } as never);
  }

  #describe({ physicalId, properties, systemTags = {} }: LiveResource): object {
    const own = Array.isArray(properties.Tags) ? properties.Tags.filter(isObject) : [];
    const theirs = Object.entries(systemTags).map(([Key, Value]) => ({ Key, Value }));
    const leaving = this.#leaving.get(physicalId);
    return {
      ARN: physicalId,
      Name: properties.Name,
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
      Tags: [...own, ...theirs],
      VersionIdsToStages: this.values.stages(physicalId),
      ...(leaving === undefined ? {} : { DeletedDate: leaving }),
    };
  }

  #find(id: string, caller: Caller): LiveResource {
    const found = this.#all(caller).find(({ physicalId, properties }) => physicalId === id || properties.Name === id);
    if (found === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return found;
  }

  #named(name: string, caller: Caller): LiveResource | undefined {
    return this.#all(caller).find(({ properties }) => properties.Name === name);
  }

  #all({ account, region }: Caller): LiveResource[] {
    return this.#world.all(TYPE, account).filter((one) => one.region === region);
  }

  /** "When you make a change to this property, a new secret version is created." Source: AWS::SecretsManager::Secret. */
  #fill({ physicalId, properties }: LiveResource, before: JsonObject): void {
    const changed = (key: string): Json | undefined =>
      JSON.stringify(properties[key]) === JSON.stringify(before[key]) ? undefined : properties[key];
    const text = changed('SecretString') ?? (changed('GenerateSecretString') && `generated ${this.#ids.uuid()}`);
    if (typeof text === 'string') this.values.edit(physicalId, text);
  }
}

/** Source: Secrets Manager User Guide: a hyphen and six characters come after the name. */
function nameIn(arn: string): string {
  return arn.split(':secret:')[1]?.slice(0, -7) ?? '';
}
