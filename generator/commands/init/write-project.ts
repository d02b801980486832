/** Writes the files of a new project: all, or none. */
import { appendFile, mkdir, rm, rmdir, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { FileToWrite } from './project-files.ts';

/**
 * In the order given, so that what comes last is there only when all the others are. The paths that were written.
 * A file that appeared since the check is not overwritten either.
 */
export async function writeProject(root: string, files: readonly FileToWrite[]): Promise<Outcome<string[]>> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { path, action, content } of files) {
      const file = join(root, path);
      await makeFolder(dirname(file), undo);
      if (action === 'create') {
        await writeFile(file, content, { flag: 'wx' });
        undo.push(() => rm(file));
      } else {
        const { size } = await stat(file);
        undo.push(() => truncate(file, size));
        await appendFile(file, content);
      }
    }
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failed({
      code: 'EP7704',
      severity: 'error',
      message: `The project cannot be written (${code}${path === undefined ? '' : `: ${path}`}).`,
      hint: 'Nothing was left behind. Check who may write to the folder, or name another one.',
    });
  }
  return outcome(files.map(({ path }) => path));
}

/** One folder at a time, so that those made before one that cannot be made are undone as well. */
async function makeFolder(folder: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), undo);
  await mkdir(folder);
  undo.push(() => rmdir(folder));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
