/** The GitHub workflows of a new project: copies of those that the package brings along. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By path below the project, e.g. `.github/workflows/plan.yml`, sorted. None where the package has no workflows. */
export async function pipelineFiles(packageRoot: string): Promise<Map<string, Uint8Array>> {
  const folder = join(packageRoot, 'pipelines', 'workflows');
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.yml')).map(({ name }) => name);
  const files = new Map<string, Uint8Array>();
  for (const name of names.sort()) files.set(`.github/workflows/${name}`, await readFile(join(folder, name)));
  return files;
}
