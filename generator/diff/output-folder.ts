/** Reads what an earlier `generate` wrote. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { MANIFEST_FILE, MANIFEST_VERSION, type Manifest, sha256 } from '../output/manifest.ts';
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { outcome } from '../report/diagnostic.ts';
import type { Side } from './side.ts';

/** Folders below `folder` that hold a manifest, sorted; none when it is not an output folder. */
export async function environmentsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const isOutput = await Promise.all(
    names.map((name) =>
      stat(join(folder, name, MANIFEST_FILE)).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return names.filter((_name, index) => isOutput[index]).sort();
}

/** `shown` is how diagnostics name `folder`. */
export async function readOutput(
  folder: string,
  options: { shown: string; names: readonly string[] },
): Promise<Outcome<Side[]>> {
  const diagnostics: Diagnostic[] = [];
  const sides: Side[] = [];
  for (const name of options.names) {
    const side = await readEnvironment(join(folder, name), { shown: join(options.shown, name), diagnostics });
    if (side !== undefined) sides.push(side);
  }
  return outcome(sides, diagnostics);
}

async function readEnvironment(
  folder: string,
  { shown, diagnostics }: { shown: string; diagnostics: Diagnostic[] },
): Promise<Side | undefined> {
  const fault = (what: string): undefined => {
    diagnostics.push({
      code: 'EP5101',
      severity: 'error',
      message: `${shown} cannot be compared with: ${what}.`,
      hint: 'Generate it again, or compare with a git revision.',
      place: { file: join(shown, MANIFEST_FILE) },
    });
    return undefined;
  };
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')) as Partial<Manifest>;
    if (manifest.version !== MANIFEST_VERSION)
      return fault(`its manifest has version ${manifest.version}, not ${MANIFEST_VERSION}`);
    const { environment } = manifest;
    if (environment === undefined || manifest.files === undefined) return fault('its manifest is not complete');
    const files = new Map<string, Uint8Array>();
    for (const { path, sha256: digest } of manifest.files) {
      if (leavesFolder(path)) return fault('its manifest names a file outside of the folder');
      const bytes = await readFile(join(folder, path));
      if (sha256(bytes) !== digest) diagnostics.push(edited(join(shown, path)));
      files.set(path, bytes);
    }
    return { tree: { environment, files, manifest: manifest as Manifest } };
  } catch (error) {
    if (error instanceof SyntaxError) return fault('its manifest is not JSON');
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fault(`${path ?? 'a file'} cannot be read (${code})`);
  }
}

function leavesFolder(path: string): boolean {
  const plain = normalize(path);
  return plain.startsWith(sep) || plain === '..' || plain.startsWith(`..${sep}`);
}

function edited(file: string): Diagnostic {
  return {
    code: 'EP5004',
    severity: 'warning',
    message: `${file} was edited after it was generated.`,
    hint: 'What it says now is compared.',
    place: { file },
  };
}
