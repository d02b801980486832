/**
 * Everything that exists in the accounts, by account, Region, type and physical id. CloudFormation writes here, other
 * services and `touch` change it behind its back, and what a stack leaves behind (`Retain`) stays.
 */
import type { JsonObject } from './json.ts';

export interface LiveResource {
  account: string;
  region: string;
  type: string;
  physicalId: string;
  properties: JsonObject;
  attributes: Readonly<Record<string, string>>;
}

/** How a service takes part when CloudFormation makes or removes one of its resources. */
export interface Watcher {
  created?(resource: LiveResource): void;
  updated?(resource: LiveResource): void;
  /** Why it cannot be removed, e.g. because a bucket is not empty. */
  refusesDelete?(resource: LiveResource): string | undefined;
  deleted?(resource: LiveResource): void;
  /** Whether something of that id exists that no stack made. */
  exists?(resource: Omit<LiveResource, 'properties' | 'attributes'>): boolean;
}

export type ResourceAddress = Pick<LiveResource, 'account' | 'region' | 'type' | 'physicalId'>;

export class World {
  readonly #resources = new Map<string, LiveResource>();
  readonly #watchers = new Map<string, Watcher>();

  watch(type: string, watcher: Watcher): void {
    this.#watchers.set(type, watcher);
  }

  get(at: ResourceAddress): LiveResource | undefined {
    return this.#resources.get(key(at));
  }

  exists(at: ResourceAddress): boolean {
    return this.#resources.has(key(at)) || (this.#watchers.get(at.type)?.exists?.(at) ?? false);
  }

  create(resource: LiveResource): void {
    this.#resources.set(key(resource), resource);
    this.#watchers.get(resource.type)?.created?.(resource);
  }

  update(at: ResourceAddress, properties: JsonObject): void {
    const resource = this.get(at);
    if (!resource) return;
    resource.properties = properties;
    this.#watchers.get(at.type)?.updated?.(resource);
  }

  refusesDelete(at: ResourceAddress): string | undefined {
    const resource = this.get(at);
    return resource && this.#watchers.get(at.type)?.refusesDelete?.(resource);
  }

  /** Removing what is gone already is no error, as in CloudFormation. */
  delete(at: ResourceAddress): void {
    const resource = this.get(at);
    if (!resource) return;
    this.#resources.delete(key(at));
    this.#watchers.get(at.type)?.deleted?.(resource);
  }

  all(type: string, account: string): LiveResource[] {
    return [...this.#resources.values()].filter((one) => one.type === type && one.account === account);
  }
}

function key({ account, region, type, physicalId }: ResourceAddress): string {
  const global = /^AWS::(IAM|CloudFront|S3)::/.test(type);
  return [account, global ? '' : region, type, physicalId].join(' ');
}
