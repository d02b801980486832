/** Writes the two folders of a new module: both, or none. */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';

export interface NewModule {
  id: string;
  /** Folder of config.yaml. */
  root: string;
  packageRoot: string;
  /** By path below `root`. */
  files: ReadonlyMap<string, string>;
}

const KINDS = ['templates', 'runtime'];

/** The paths that were written, sorted. */
export async function writeModule({ id, root, packageRoot, files }: NewModule): Promise<Outcome<string[]>> {
  const taken = await takenFolders({ id, root, packageRoot });
  if (taken.length > 0) return failed(...taken);
  // Staged in the same folder, so that the last step is a rename; the dot keeps `discover` away.
  const targets = KINDS.map((kind) => ({
    kind,
    target: join(root, kind, id),
    staged: join(root, kind, `.${id}-${randomUUID()}`),
  }));
  const undo: string[] = [];
  try {
    for (const { kind, staged } of targets) {
      if (await makeFolder(join(root, kind))) undo.push(join(root, kind));
      await mkdir(staged);
      undo.push(staged);
      for (const [path, text] of files) {
        if (!path.startsWith(`${kind}/${id}/`)) continue;
        const file = join(staged, path.slice(kind.length + id.length + 2));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text, { flag: 'wx' });
      }
    }
    for (const { target, staged } of targets) {
      await rename(staged, target);
      undo.push(target);
    }
  } catch (error) {
    for (const path of undo.reverse()) await rm(path, { recursive: true, force: true });
    return failed(unwritable(id, error as NodeJS.ErrnoException));
  }
  return outcome([...files.keys()].sort());
}

/** Whether it was not there before. The folder of the project itself has to be. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A folder of that name is in the way, whether it is a module or not. */
async function takenFolders({ id, root, packageRoot }: Omit<NewModule, 'files'>): Promise<Diagnostic[]> {
  const places = [
    ...KINDS.map((kind) => ({ shown: join(kind, id), path: join(root, kind, id), ours: false })),
    ...(root === packageRoot
      ? []
      : [{ shown: `edgepass/${join('templates', id)}`, path: join(packageRoot, 'templates', id), ours: true }]),
  ];
  const diagnostics: Diagnostic[] = [];
  for (const { shown, path, ours } of places) {
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    diagnostics.push({
      code: 'EP2008',
      severity: 'error',
      message: ours ? `\`${id}\` is a module of edgepass.` : `${shown} exists already.`,
      hint: 'Nothing was written. Choose another id.',
      place: { file: shown },
    });
  }
  return diagnostics;
}

function unwritable(id: string, error: NodeJS.ErrnoException): Diagnostic {
  if (error.code === undefined) throw error;
  return {
    code: 'EP2009',
    severity: 'error',
    message: `The folders of module \`${id}\` cannot be written (${error.code}${error.path ? `: ${error.path}` : ''}).`,
    hint: 'Nothing was left behind. Check who may write to `templates` and `runtime`.',
  };
}
