/** What a comparison of two outputs says, as data: the terminal, programs and pull requests each have a printer of it. */
import type { Json } from '../modules/contract.ts';

export type Change = 'added' | 'removed' | 'changed';

/** One value. A side that has none lacks the member. */
export interface ValueChange {
  /** Dotted path; an item of a list is named by its key (`Tags[team]`) or its index. */
  path: string;
  old?: Json;
  new?: Json;
}

/** A property of a resource, or an attribute beside its properties such as `DeletionPolicy`. */
export interface PropertyChange extends ValueChange {
  /** Present when changing it replaces the resource for certain or in some cases. */
  replaces?: 'always' | 'maybe';
}

export interface ResourceChange {
  id: string;
  type: string;
  /** `replaced`: the change takes a new resource; `maybe-replaced`: that depends on what AWS finds. */
  change: Change | 'replaced' | 'maybe-replaced';
  /** A removed or replaced resource that stays in the account, outside the stack. */
  retained?: true;
  properties: PropertyChange[];
}

/** A parameter, an output, or an entry of another section of a template. */
export interface EntryChange {
  name: string;
  change: Change;
  values: ValueChange[];
}

export interface PermissionChange {
  change: Change;
  /** Whether more is allowed than before. */
  widens: boolean;
  effect: string;
  principals: string;
  /** What is allowed now, or was for a removed statement. */
  actions: string[];
  resources: string[];
  condition?: Json;
  /** For a changed statement: what came and what went. */
  addedActions?: string[];
  removedActions?: string[];
  addedResources?: string[];
  removedResources?: string[];
}

export interface StackChange {
  id: string;
  name: string;
  region: string;
  change: Change;
  resources: ResourceChange[];
  parameters: EntryChange[];
  outputs: EntryChange[];
  permissions: PermissionChange[];
  /** Conditions, mappings, metadata and the description. */
  others: EntryChange[];
}

/** What is shipped of a function. */
export interface ShippedCode {
  sha256: string;
  /** Bytes. */
  size: number;
}

export interface FunctionChange {
  id: string;
  kind: string;
  change: Change;
  old?: ShippedCode;
  new?: ShippedCode;
  /** Whether its code differs, apart from its settings. */
  code: boolean;
  /** Settings inside the text of an edge function. */
  settings: ValueChange[];
}

export interface ChangeWarning {
  kind: 'state-lost' | 'lifetime-lowered' | 'stack-moved';
  message: string;
}

export interface EnvironmentChange {
  name: string;
  change: Change;
  /** Account, region, protection: what holds for the environment as a whole. */
  values: ValueChange[];
  stacks: StackChange[];
  functions: FunctionChange[];
  warnings: ChangeWarning[];
}

/** Unchanged environments, stacks and functions are not in it. */
export interface ChangeReport {
  environments: EnvironmentChange[];
}
