/** Where the values of a stack's parameters come from: outputs of other stacks, the artifact bucket, defaults. */
import type { Manifest, ManifestStack } from '../output/manifest.ts';
import { pascal } from '../render/pascal.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { bucketName } from './bucket.ts';

export interface Resolved {
  values: Record<string, string>;
  /** Parameters whose producer will be deployed first: by name, id of the producer. */
  unknown: Record<string, string>;
}

/** Outputs of a stack by logical id. `undefined` for the stack: not known before it is deployed; for one output: that one. */
export type KnownOutputs = ReadonlyMap<string, Readonly<Record<string, string | undefined>> | undefined>;

export function resolveParameters(
  stack: ManifestStack,
  { manifest, outputs }: { manifest: Manifest; outputs: KnownOutputs },
): Resolved {
  const resolved: Resolved = { values: {}, unknown: {} };
  for (const [name, source] of Object.entries(stack.parameters)) {
    if ('artifactBucket' in source)
      resolved.values[name] = bucketName({ account: manifest.account, region: stack.region });
    else if ('default' in source) {
      if (source.default !== null)
        resolved.values[name] = typeof source.default === 'string' ? source.default : JSON.stringify(source.default);
    } else {
      const value = outputs.get(source.from)?.[outputId(source.output)];
      if (value === undefined) resolved.unknown[name] = source.from;
      else resolved.values[name] = value;
    }
  }
  return resolved;
}

/** Logical id of an output that a manifest names `<module>.<output>`. */
export function outputId(output: string): string {
  return pascal(output.slice(output.indexOf('.') + 1));
}

/** Imports that no stack of the manifest makes; found before AWS is asked. Faults: EP7204. */
export function missingOutputs(manifest: Manifest): Diagnostic[] {
  const stacks = new Map(manifest.stacks.map((stack) => [stack.id, stack]));
  return manifest.stacks.flatMap((consumer) =>
    Object.entries(consumer.parameters).flatMap(([parameter, source]) => {
      if (!('output' in source)) return [];
      const producer = stacks.get(source.from);
      if (producer !== undefined && Object.hasOwn(producer.outputs, outputId(source.output))) return [];
      return [missingOutput(consumer.id, { parameter, ...source })];
    }),
  );
}

export function missingOutput(
  consumer: string,
  { parameter, output, from }: { parameter: string; output: string; from: string },
): Diagnostic {
  return {
    code: 'EP7204',
    severity: 'error',
    message: `${consumer} needs ${output} for parameter ${parameter}, and ${from} has no such output.`,
    hint: 'Put the output back, or take away the import, then run `edgepass generate`. Nothing was changed.',
  };
}

/** Whether the stack has these values already. AWS hides the value of a parameter declared NoEcho. */
export function sameParameters(
  wanted: Readonly<Record<string, string>>,
  live: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(live).length &&
    names.every((name) => live[name] === wanted[name] || live[name] === '****')
  );
}
