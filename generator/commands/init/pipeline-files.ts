/** The GitHub workflows of a new project, and the actions they use: copies of those that the package brings along. */
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By path below the project, e.g. `.github/workflows/plan.yml`, sorted. None where the package has no workflows. */
export async function pipelineFiles(packageRoot: string): Promise<Map<string, Uint8Array>> {
  const workflows = join(packageRoot, 'pipelines', 'workflows');
  const actions = join(packageRoot, 'pipelines', 'actions');
  const files = new Map<string, Uint8Array>();
  for (const name of await namesIn(actions, (entry) => entry.isDirectory()))
    files.set(`.github/actions/${name}/action.yml`, await readFile(join(actions, name, 'action.yml')));
  for (const name of await namesIn(workflows, (entry) => entry.isFile() && entry.name.endsWith('.yml')))
    files.set(`.github/workflows/${name}`, await readFile(join(workflows, name)));
  return files;
}

async function namesIn(folder: string, wanted: (entry: Dirent) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter(wanted)
    .map(({ name }) => name)
    .sort();
}
