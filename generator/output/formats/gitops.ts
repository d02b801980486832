/**
 * The format of the pipeline: settings are literals, outputs of other stacks are parameters that `deploy` fills, and
 * code is named by its digest in the artifact bucket of the account and Region.
 */
import type { Format, StackContext } from '../../render/format.ts';

/** Logical id of the parameter that names the artifact bucket. */
export const ARTIFACT_BUCKET = 'ArtifactBucket';

/** Key of an artifact: its digest, so that equal code is uploaded once and never overwritten. */
export function artifactKey(sha256: string): string {
  return `functions/${sha256}.zip`;
}

export const gitops: Format = {
  name: 'gitops',
  value: (_context, _path, literal) => literal,
  output: (context, output) => ({ Ref: declareWire(context, output) }),
  asset: (context, fn) => {
    const bundle = context.bundles.get(fn);
    if (!bundle) throw new Error(`no bundle of function ${fn}`);
    context.parameters.set(ARTIFACT_BUCKET, {
      definition: {
        Type: 'String',
        Description: 'Bucket that holds the packaged functions (made by edgepass bootstrap)',
      },
      source: { artifactBucket: true },
    });
    return { S3Bucket: { Ref: ARTIFACT_BUCKET }, S3Key: artifactKey(bundle.sha256) };
  },
};

function declareWire({ stack, parameters }: StackContext, output: string): string {
  const wire = stack.wires.find((w) => w.output === output);
  if (!wire) throw new Error(`stack ${stack.id} does not import ${output}`);
  parameters.set(wire.parameter, {
    definition: { Type: 'String', Description: `Output ${output} of stack ${wire.from}` },
    source: { output, from: wire.from },
  });
  return wire.parameter;
}
