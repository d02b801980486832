/** What names mean inside one stack. */
import { validationError } from '../errors.ts';
import type { Json } from '../json.ts';
import { evaluate, isTrue, type Scope } from './evaluate.ts';
import { type ParameterValues, parameterRef } from './parameters.ts';
import { resourceSpec } from './spec.ts';
import type { Template } from './template.ts';

/** As change sets print a value that only the execution will know. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

export interface StackFacts {
  account: string;
  region: string;
  stackId: string;
  stackName: string;
  notificationArns: readonly string[];
}

/** What another resource of the stack gives: its physical id, or an attribute of that name. */
export type ResourceLookup = (logicalId: string, attribute?: string) => Json;

export interface ScopeParts {
  facts: StackFacts;
  template: Template;
  parameters: ParameterValues;
  resource: ResourceLookup;
}

export function stackScope({ facts, template, parameters, resource }: ScopeParts): Scope {
  const conditions = new Map<string, boolean>();
  const pseudo: Record<string, Json | undefined> = {
    'AWS::AccountId': facts.account,
    'AWS::Region': facts.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': facts.stackName,
    'AWS::StackId': facts.stackId,
    'AWS::NotificationARNs': [...facts.notificationArns],
    'AWS::NoValue': undefined,
  };
  const scope: Scope = {
    mappings: template.mappings,
    ref: (name) => {
      if (name in pseudo) return pseudo[name];
      const parameter = parameters.get(name);
      return parameter ? parameterRef(parameter) : resource(name);
    },
    attribute: (name, attribute) => {
      const type = template.resources[name]?.type;
      if (type === undefined) {
        throw validationError(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
      }
      const spec = resourceSpec(type);
      if (spec && !(attribute in spec.attributes) && !(attribute in spec.properties)) {
        throw validationError(
          `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`,
        );
      }
      return resource(name, attribute);
    },
    condition: (name) => {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      const expression = template.conditions[name];
      if (expression === undefined) throw validationError(`Template error: condition ${name} is not defined`);
      const value = isTrue(expression, scope);
      conditions.set(name, value);
      return value;
    },
  };
  return scope;
}

/** The resources that their conditions let be, in the order of the template. */
export function activeResources(template: Template, scope: Scope): string[] {
  return Object.entries(template.resources)
    .filter(([, { condition }]) => condition === undefined || scope.condition(condition))
    .map(([logicalId]) => logicalId);
}

export function evaluateProperties(properties: Json, scope: Scope): { [key: string]: Json } {
  return (evaluate(properties, scope) ?? {}) as { [key: string]: Json };
}
