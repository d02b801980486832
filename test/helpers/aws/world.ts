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
  /** `aws:cloudformation:…`: they say which stack made it, and stay when it leaves the stack. */
  systemTags?: Readonly<Record<string, string>>;
}

/** How a service takes part when CloudFormation makes or removes one of its resources. */
export interface Watcher {
  created?(resource: LiveResource): void;
  /** `before`: its properties until now. */
  updated?(resource: LiveResource, before: JsonObject): void;
  /** A stack took it over as it is. */
  adopted?(resource: LiveResource): void;
  /** Why it cannot be removed, e.g. because a bucket is not empty. */
  refusesDelete?(resource: LiveResource): string | undefined;
  deleted?(resource: LiveResource): void;
  /** Whether something of that id exists that no stack made. */
  exists?(resource: ResourceAddress): boolean;
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
    const before = resource.properties;
    resource.properties = properties;
    this.#watchers.get(at.type)?.updated?.(resource, before);
  }

  /** It belongs to a stack from now on; nothing of it changes but what says so. */
  adopt(at: ResourceAddress, systemTags: Readonly<Record<string, string>>): void {
    const resource = this.get(at);
    if (!resource) return;
    resource.systemTags = systemTags;
    this.#watchers.get(at.type)?.adopted?.(resource);
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
