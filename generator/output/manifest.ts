/** The manifest: what was rendered for one environment. `deploy` reads it and nothing else. */
import { createHash } from 'node:crypto';
import type { Bundle } from '../bundle/bundle-types.ts';
import type { Placement } from '../modules/contract.ts';
import type { Plan } from '../modules/plan-types.ts';
import type { ParameterSource } from '../render/format.ts';
import type { RenderedStack } from '../render/rendered-stack.ts';

/** Raised when a reader of older manifests would misunderstand a new one. */
export const MANIFEST_VERSION = 1;

export const MANIFEST_FILE = 'manifest.json';

export interface ManifestFile {
  /** Relative to the folder of the manifest, with forward slashes. */
  path: string;
  /** SHA-256 of the content, lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
}

export interface ManifestStack {
  id: string;
  name: string;
  placement: Placement;
  region: string;
  template: string;
  /** By parameter name: where `deploy` takes the value from. */
  parameters: Record<string, ParameterSource>;
  /** By logical id: what the output is. */
  outputs: Record<string, string>;
  dependsOn: string[];
  stateful: string[];
  runtimeOwned: { resource: string; property: string; because: string }[];
}

export interface Manifest {
  version: typeof MANIFEST_VERSION;
  format: string;
  project: string;
  environment: string;
  account: string;
  region: string;
  protected: boolean;
  tags: Record<string, string>;
  /** In deployment order. */
  stacks: ManifestStack[];
  functions: { id: string; kind: Bundle['kind']; file: string; sha256: string }[];
  files: ManifestFile[];
  /** SHA-256 over all of the above: two manifests with the same digest deploy the same. */
  digest: string;
}

/** Everything that is written for one environment. */
export interface OutputTree {
  environment: string;
  /** By path below `out/<environment>`; the manifest is among them. */
  files: ReadonlyMap<string, Uint8Array>;
  manifest: Manifest;
}

/** Puts one environment's output together; pure, so the same input gives the same bytes. */
export function outputTree(made: {
  plan: Plan;
  bundles: readonly Bundle[];
  stacks: readonly RenderedStack[];
  format: string;
}): OutputTree {
  const { environment } = made.plan;
  const files = new Map<string, Uint8Array>();
  for (const stack of made.stacks) files.set(stack.file, Buffer.from(stack.body));
  for (const bundle of made.bundles) files.set(functionPath(bundle), bundle.bytes);
  const content: Omit<Manifest, 'digest'> = {
    version: MANIFEST_VERSION,
    format: made.format,
    project: environment.project,
    environment: environment.name,
    account: environment.account,
    region: environment.region,
    protected: environment.protected,
    tags: { ...environment.tags },
    stacks: made.stacks.map((stack) => manifestStack(stack, made.plan)),
    functions: made.bundles.map((bundle) => ({
      id: bundle.id,
      kind: bundle.kind,
      file: functionPath(bundle),
      sha256: bundle.sha256,
    })),
    files: [...files]
      .map(([path, bytes]) => ({ path, sha256: sha256(bytes), size: bytes.length }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const manifest: Manifest = { ...content, digest: sha256(JSON.stringify(content)) };
  files.set(MANIFEST_FILE, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return { environment: environment.name, files, manifest };
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function functionPath(bundle: Bundle): string {
  return `functions/${bundle.file}`;
}

function manifestStack(stack: RenderedStack, plan: Plan): ManifestStack {
  const planned = plan.stacks.find((s) => s.id === stack.id);
  if (planned === undefined) throw new Error(`stack ${stack.id} was rendered and not planned`);
  return {
    id: stack.id,
    name: stack.name,
    placement: stack.placement,
    region: stack.region,
    template: stack.file,
    parameters: Object.fromEntries(stack.parameters.map(({ name, source }) => [name, source])),
    outputs: stack.outputs,
    dependsOn: planned.dependsOn,
    stateful: planned.stateful,
    runtimeOwned: planned.runtimeOwned,
  };
}
