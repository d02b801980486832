/** The plan: what will be rendered for one environment, as pure, printable data. */
import type { Environment, Json, Placement } from './contract.ts';

/** A parameter of a stack that `deploy` fills with an output of another stack. */
export interface Wire {
  /** Logical id of the parameter, e.g. `BaseKeyValueStoreArn`. */
  parameter: string;
  /** `<module>.<output>`, e.g. `base.keyValueStoreArn`. */
  output: string;
  /** Id of the stack that has it, e.g. `base.edge`. */
  from: string;
}

export interface PlannedStack {
  /** `<module>.<stack>`, e.g. `base.edge`. */
  id: string;
  module: string;
  /** CloudFormation stack name, e.g. `acme-video-dev-base-edge`. */
  name: string;
  placement: Placement;
  region: string;
  description: string;
  /** Template file, absolute. */
  template: string;
  /** What the module's templates may see. */
  view: Record<string, Json>;
  /** Fragments of other modules that are merged into this stack. */
  contributions: { module: string; template: string; view: Record<string, Json> }[];
  wires: Wire[];
  /** Output name (camelCase) → description. */
  outputs: Record<string, string>;
  /** Ids of stacks that must exist first. */
  dependsOn: string[];
  /** Logical ids of resources that hold state. */
  stateful: string[];
  /** What the running product changes itself, and why. */
  runtimeOwned: { resource: string; property: string; because: string }[];
}

interface PlannedFunctionBase {
  /** `<module>.<function>`, e.g. `base.validator`. */
  id: string;
  module: string;
  name: string;
  /** Entry file, absolute. */
  entry: string;
}

export type PlannedFunction =
  | (PlannedFunctionBase & { kind: 'lambda'; memory: number; timeout: number })
  | (PlannedFunctionBase & { kind: 'site'; headers: Record<string, string> })
  | (PlannedFunctionBase & { kind: 'edge-function'; flags: Record<string, boolean>; settings: Json });

export interface Plan {
  environment: Environment;
  /** Stacks in deployment order. */
  stacks: PlannedStack[];
  functions: PlannedFunction[];
}
