/**
 * What a deployment would do, as data (`preview --json`). The terminal and pull requests each have a printer of it.
 * Plain JSON: a member that does not apply is absent.
 */
import type { EntryChange, PermissionChange } from '../diff/change-report.ts';
import type { Json } from '../modules/contract.ts';

/** Raised when a reader of older reports would misunderstand a new one. */
export const PREVIEW_VERSION = 1;

export interface PreviewReport {
  version: typeof PREVIEW_VERSION;
  environments: PreviewEnvironment[];
}

export interface PreviewEnvironment {
  name: string;
  project: string;
  account: string;
  /** Home Region. */
  region: string;
  protected: boolean;
  /** Digest of the manifest: what would be deployed. */
  manifest: string;
  /** Digest of what would be deployed and of what it would be deployed over; `deploy --plan` takes it. */
  plan: string;
  /** Whether any stack would be created or updated. */
  changes: boolean;
  /** In deployment order, unchanged ones among them. */
  stacks: PreviewStack[];
  risks: Risk[];
}

export type StackAction = 'create' | 'update' | 'none' | 'blocked';

export interface PreviewStack {
  /** Module and stack, e.g. `base.edge`. */
  id: string;
  /** CloudFormation stack name. */
  name: string;
  region: string;
  action: StackAction;
  /** StackStatus in AWS; absent when there is no such stack. */
  status?: string;
  /** Why nothing can be done, and what to do about it; with `action: blocked` only. Of several reasons the first. */
  blocked?: { message: string; hint: string };
  /**
   * Where the rows come from. `both`: AWS's change set and our comparison of templates, and a row seen by one of them
   * only is a disagreement. `template`: the stack is new, or a value is not known before its producer is deployed.
   */
  source: 'both' | 'template' | 'none';
  /** Identifies what is deployed now; part of the plan's digest. */
  fingerprint: string;
  /** Name of the change set, when `--keep` left it in AWS. */
  changeSet?: string;
  resources: PreviewResource[];
  parameters: PreviewParameter[];
  outputs: EntryChange[];
  /** Every change of what policies allow; `widens` marks those that allow more. */
  permissions: PermissionChange[];
  findings: ValidationFinding[];
  /** Logical ids of resources that hold state and are modified, replaced or removed. */
  stateful: string[];
}

/** `maybe-replace`: AWS decides while it deploys. `sync`: AWS takes over the value it finds. `import`: it is there already. */
export type ResourceAction = 'add' | 'modify' | 'remove' | 'replace' | 'maybe-replace' | 'sync' | 'import';

/** Who says so: AWS's change set, our comparison of templates, or both. */
export type SeenIn = 'both' | 'change-set' | 'template';

export interface PreviewResource {
  id: string;
  type: string;
  physicalId?: string;
  action: ResourceAction;
  in: SeenIn;
  /** What the comparison of templates says, where it differs from the change set. */
  templateSays?: ResourceAction;
  /** Listed as holding state, or protected from deletion. */
  stateful?: true;
  /** The old one stays in the account, outside the stack. */
  retained?: true;
  /** Of the resource in the generated template. */
  place?: { file: string; line: number };
  properties: PreviewProperty[];
}

export interface PreviewProperty {
  /** Dotted path below `Properties`, or the name of an attribute beside it. */
  path: string;
  /** Absent where there is no value on that side, or AWS does not tell. */
  before?: Json;
  after?: Json;
  replaces?: 'always' | 'maybe';
  in: SeenIn;
  /** The value of this parameter or the resource that changes it, when it is not the template itself. */
  cause?: string;
  /** The running product changes it by itself: deploying would undo that. */
  runtimeOwned?: true;
}

export interface PreviewParameter {
  name: string;
  before?: string;
  /** Absent when it is known only after the producer is deployed. */
  after?: string;
  /** Stack whose output it is. */
  from?: string;
  unknownUntilDeployed?: true;
}

/** What AWS found before creating anything. `FAIL` stops a deployment, `WARN` does not. */
export interface ValidationFinding {
  mode: 'FAIL' | 'WARN';
  /** Name of the validation, e.g. `PROPERTY_VALIDATION`. */
  name: string;
  message: string;
  resource?: string;
  /** JSON pointer into the template. */
  path?: string;
  place?: { file: string; line: number };
}

/** What `deploy --allow` takes. */
export const RISK_KINDS = [
  'replace-state',
  'remove-state',
  'widen-permissions',
  'runtime-owned',
  'other-change-set',
] as const;

export type RiskKind = (typeof RISK_KINDS)[number];

export interface Risk {
  /** `take-up-state`: what an earlier stack kept is taken up again. It is told, and never refused. */
  kind: RiskKind | 'take-up-state';
  /** Id of the stack. */
  stack: string;
  /** Logical id. */
  resource?: string;
  message: string;
  /** Deploying is refused without `--allow <kind>`. */
  needsAllow: boolean;
}
