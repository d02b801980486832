/**
 * The three places where output formats differ. Templates call them as helpers of the same name; a format is one
 * implementation of this interface and nothing else.
 */

import type { Bundle } from '../bundle/bundle-types.ts';
import type { Json } from '../modules/contract.ts';
import type { PlannedStack } from '../modules/plan-types.ts';

/** A CloudFormation parameter as it stands in the template. */
export type Parameter = { Type: string; Description?: string } & { [key: string]: Json };

/** Where `deploy` takes a parameter's value from: another stack's output, the artifact bucket, or its own default. */
export type ParameterSource = { output: string; from: string } | { artifactBucket: true } | { default: Json };

/** A parameter that a helper declared. */
export interface DeclaredParameter {
  definition: Parameter;
  source: ParameterSource;
}

/** What a helper may see and add to while one stack is rendered. */
export interface StackContext {
  stack: PlannedStack;
  /** Parameters that helpers declared; they are printed in order of their logical id. */
  parameters: Map<string, DeclaredParameter>;
  /** Bundles of the environment by function id. */
  bundles: ReadonlyMap<string, Bundle>;
}

export interface Format {
  name: string;
  /** A setting: its literal, or a reference to a parameter that stands for it. `path` is its place in the view, e.g. `origin.domain`. */
  value(context: StackContext, path: string, literal: Json): Json;
  /** An output of another stack (`<module>.<output>`): a reference. */
  output(context: StackContext, output: string): Json;
  /** Where the package of a Lambda function or a site is: the value of `Code`, or of a custom resource's property. `fn` is its id, `<module>.<function>`. */
  asset(context: StackContext, fn: string): Json;
}
