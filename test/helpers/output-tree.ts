/** Outputs for tests of comparing, without the stages that make them. */
import { type Manifest, type ManifestStack, type OutputTree, sha256 } from '../../generator/output/manifest.ts';

export interface TreeParts {
  environment?: string;
  manifest?: Partial<Manifest>;
  /** Stack id → template text and what the manifest says about the stack. */
  stacks?: Record<string, { template: string } & Partial<Omit<ManifestStack, 'template'>>>;
  /** Function id → its text; ids ending in `Worker` are Lambda functions. */
  functions?: Record<string, string>;
}

export function outputTreeOf({
  environment = 'dev',
  manifest = {},
  stacks = {},
  functions = {},
}: TreeParts): OutputTree {
  const files = new Map<string, Uint8Array>();
  const content: Omit<Manifest, 'digest'> = {
    version: 1,
    format: 'gitops',
    project: 'acme',
    environment,
    account: '111111111111',
    region: 'eu-west-1',
    protected: false,
    tags: {},
    stacks: Object.entries(stacks).map(([id, { template, ...rest }]) => {
      const file = `${id.replace('.', '-')}.template.yaml`;
      files.set(file, Buffer.from(template));
      return { ...stackDefaults(id, environment), ...rest, template: file };
    }),
    functions: Object.entries(functions).map(([id, text]) => {
      const kind = id.endsWith('Worker') ? 'lambda' : 'edge-function';
      const file = `functions/${id}.js`;
      files.set(file, Buffer.from(text));
      return { id, kind, file, sha256: sha256(text) };
    }),
    files: [],
    ...manifest,
  };
  const all = {
    ...content,
    files: [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), size: bytes.length })),
  };
  return { environment, files, manifest: { ...all, digest: sha256(JSON.stringify(all)) } };
}

function stackDefaults(id: string, environment: string): Omit<ManifestStack, 'template'> {
  return {
    id,
    name: `acme-${environment}-${id.replace('.', '-')}`,
    placement: 'home',
    region: 'eu-west-1',
    parameters: {},
    outputs: {},
    dependsOn: [],
    stateful: [],
    runtimeOwned: [],
  };
}
