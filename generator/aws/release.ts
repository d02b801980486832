/** What is deployed: a manifest and the files it names, from the output folder or kept from an earlier deployment. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, MANIFEST_VERSION, type Manifest, type ManifestStack, sha256 } from '../output/manifest.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';

export interface Release {
  manifest: Manifest;
  /** By path, as the manifest lists them; every one has the digest that stands there. */
  files: ReadonlyMap<string, Uint8Array>;
  /** How people find the files, e.g. `out/dev`. */
  shown: string;
}

export interface ReleasePlace {
  /** Output folder. */
  folder: string;
  /** How diagnostics name it. */
  shown: string;
  environment: string;
  /** Folder of the edgepass package, which has the schema of manifests. */
  packageRoot: string;
}

/** Faults: EP7001, EP7002, EP7003, EP7004. */
export async function openRelease({
  folder,
  shown,
  environment,
  packageRoot,
}: ReleasePlace): Promise<Outcome<Release>> {
  const at = join(shown, environment);
  const text = await readFile(join(folder, environment, MANIFEST_FILE), 'utf8').catch(missing);
  if (text === undefined)
    return failed({
      code: 'EP7003',
      severity: 'error',
      message: `${at} has no ${MANIFEST_FILE}.`,
      hint: `Make it with \`edgepass generate --env ${environment}\`, or name the output folder with --out.`,
    });
  const manifest = await readManifest(text, { shown: join(at, MANIFEST_FILE), packageRoot });
  if (!manifest.ok) return manifest;
  const files = new Map<string, Uint8Array>();
  const found = await Promise.all(
    manifest.value.files.map(async ({ path, sha256: digest }): Promise<Diagnostic[]> => {
      const bytes = await readFile(join(folder, environment, path)).catch(missing);
      if (bytes === undefined) return [edited(join(at, path), { what: 'is missing', environment })];
      files.set(path, bytes);
      const same = sha256(bytes) === digest;
      return same ? [] : [edited(join(at, path), { what: 'was edited since it was generated', environment })];
    }),
  );
  return outcome({ manifest: manifest.value, files, shown: at }, found.flat());
}

/** Parses a manifest and holds it against its schema and its own digest. Faults: EP7001, EP7004. */
export async function readManifest(
  text: string,
  { shown, packageRoot }: { shown: string; packageRoot: string },
): Promise<Outcome<Manifest>> {
  const fault = (what: string): Outcome<Manifest> =>
    failed({
      code: 'EP7001',
      severity: 'error',
      message: `${shown} ${what}.`,
      hint: 'Write it anew with `edgepass generate`; manifests are not edited.',
      place: { file: shown },
    });
  const value = parsed(text);
  if (value === undefined) return fault('is not JSON');
  // One that has its own digest was written as it is; compiling the schema takes longer than an unchanged deployment.
  if (!hasItsDigest(value)) {
    const wrong = await schemaFault(value, packageRoot);
    return fault(wrong === undefined ? 'was edited: its digest is another one' : `is not a manifest: ${wrong}`);
  }
  const manifest = value as Manifest;
  if (manifest.version !== MANIFEST_VERSION)
    return fault(`has version ${manifest.version}, and this version of edgepass reads ${MANIFEST_VERSION}`);
  if (manifest.format === 'gitops') return outcome(manifest);
  return failed({
    code: 'EP7004',
    severity: 'error',
    message: `${shown} was made in format \`${manifest.format}\`, which edgepass does not deploy itself.`,
    hint: 'Run `edgepass generate`, and deploy what it writes.',
  });
}

export function textOf({ files }: Release, path: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`${path} is not in the manifest's files`);
  return new TextDecoder().decode(bytes);
}

export function stackOf({ stacks }: Manifest, id: string): ManifestStack {
  const stack = stacks.find((one) => one.id === id);
  if (stack === undefined) throw new Error(`the manifest has no stack ${id}`);
  return stack;
}

function hasItsDigest(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  const { digest, ...content } = value as Partial<Manifest>;
  return sha256(JSON.stringify(content)) === digest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function schemaFault(value: unknown, packageRoot: string): Promise<string | undefined> {
  const [{ Ajv }, schema] = await Promise.all([
    import('ajv'),
    readFile(join(packageRoot, 'schema', 'manifest.schema.json'), 'utf8'),
  ]);
  const ajv = new Ajv({ strict: false });
  if (ajv.validate(JSON.parse(schema), value)) return undefined;
  return ajv.errorsText(ajv.errors, { dataVar: 'manifest' });
}

/** For files that are not there; anything else that a file system says is said as it is. */
function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return undefined;
  throw error;
}

function edited(file: string, { what, environment }: { what: string; environment: string }): Diagnostic {
  return {
    code: 'EP7002',
    severity: 'error',
    message: `${file} ${what}.`,
    hint: `Run \`edgepass generate --env ${environment}\`: only what it wrote is deployed.`,
    place: { file },
  };
}
