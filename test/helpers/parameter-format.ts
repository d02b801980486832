/**
 * A format unlike `gitops`, to show that templates need no change for another one: settings become parameters with
 * the literal as default, code is inline, outputs of stacks that are merged into the same template become GetAtt, those of
 * others parameters without a default.
 */
import type { Json } from '../../generator/modules/contract.ts';
import type { Format } from '../../generator/render/format.ts';

/** Name of the parameter for an output of a stack that is elsewhere. */
export function outputParameter(output: string): string {
  return `Given${output.replace(/\W+/g, '')}`;
}

/** `resources`: output → attribute of a resource in the merged template, e.g. `other.roleArn` → `['OtherRole', 'Arn']`. */
export function parameterFormat(resources: Readonly<Record<string, [resource: string, attribute: string]>>): Format {
  return {
    name: 'parameter',
    value: ({ parameters }, path, literal) => {
      if (literal !== null && typeof literal === 'object') return literal;
      const name = path
        .split(/\W+/)
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('');
      const Type = typeof literal === 'number' ? 'Number' : 'String';
      parameters.set(name, { definition: { Type, Default: literal }, source: { default: literal } });
      return { Ref: name };
    },
    output: ({ parameters }, output) => {
      const attribute = resources[output];
      if (attribute) return { 'Fn::GetAtt': attribute satisfies Json };
      const name = outputParameter(output);
      parameters.set(name, { definition: { Type: 'String' }, source: { default: '' } });
      return { Ref: name };
    },
    asset: ({ bundles }, fn) => ({ ZipFile: `// ${bundles.get(fn)?.sha256.slice(0, 8)}` }),
  };
}
