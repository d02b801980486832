/** Rendered stacks as they would be in an account: every reference is an ARN, an id or a name, also where it crosses stacks. */
import { pascal } from '../../../generator/render/pascal.ts';
import type { RenderedStack } from '../../../generator/render/rendered-stack.ts';
import { identify } from '../aws/cloudformation/resource-values.ts';
import { evaluateProperties, stackScope } from '../aws/cloudformation/scope.ts';
import { parseTemplate, type Template } from '../aws/cloudformation/template.ts';
import type { JsonObject } from '../aws/json.ts';

export const ACCOUNT = '111122223333';

export interface DeployedResource {
  /** Id of the stack, `<module>.<stack>`. */
  stack: string;
  region: string;
  id: string;
  type: string;
  properties: JsonObject;
  /** What `Ref` gives. */
  ref: string;
  /** What `Fn::GetAtt` gives, by name. */
  attributes: Readonly<Record<string, string>>;
}

/** All resources of an environment; `stacks` in order of deployment. */
export function deployed(stacks: readonly RenderedStack[]): DeployedResource[] {
  /** `<stack> <logical id of the output>` → value. */
  const outputs = new Map<string, string>();
  return stacks.flatMap((stack) => {
    const parameters = stack.parameters.map(({ name, source }): [string, string] => {
      if (!('output' in source)) return [name, name];
      const [, output = ''] = source.output.split('.');
      return [name, outputs.get(`${source.from} ${pascal(output)}`) ?? missing(source.output)];
    });
    const { resources, values } = deploy(stack, new Map(parameters));
    for (const [name, value] of Object.entries(values)) outputs.set(`${stack.id} ${name}`, String(value));
    return resources;
  });
}

function deploy(stack: RenderedStack, parameters: ReadonlyMap<string, string>) {
  const template: Template = parseTemplate(stack.body);
  const known = new Map<string, DeployedResource>();
  const { name: stackName, region } = stack;
  const scope = stackScope({
    facts: { account: ACCOUNT, region, stackId: `stack/${stackName}`, stackName, notificationArns: [] },
    template,
    parameters: new Map([...parameters].map(([name, value]) => [name, { value, noEcho: false, list: false }])),
    resource: (id, attribute) => {
      const { ref, attributes } = resource(id);
      return attribute === undefined ? ref : (attributes[attribute] ?? missing(`${id}.${attribute}`));
    },
  });

  function resource(id: string): DeployedResource {
    const before = known.get(id);
    if (before !== undefined) return before;
    const { type, properties: stated } = template.resources[id] ?? missing(id);
    const properties = evaluateProperties(stated, scope);
    const { physicalId: ref, attributes } = identify({
      ...{ account: ACCOUNT, region, stackName, type, properties },
      logicalId: id,
      serial: 0,
    });
    const one = { stack: stack.id, region, id, type, properties, ref, attributes };
    known.set(id, one);
    return one;
  }

  return {
    resources: Object.keys(template.resources).map(resource),
    values: Object.fromEntries(
      Object.entries(template.outputs).map(([name, { Value = '' }]) => [
        name,
        evaluateProperties({ Value }, scope).Value ?? '',
      ]),
    ),
  };
}

function missing(what: string): never {
  throw new Error(`${what} is not there`);
}
