/**
 * The only writer of local output. An environment's folder is replaced as a whole: the new one is built beside it and
 * swapped in, so that a reader sees the old output or the new one. Files that edgepass did not write move along.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import type { OutputTree } from './manifest.ts';
import { carryOver, inspect, type Standing } from './standing.ts';

export interface Written {
  environment: string;
  /** `out/<environment>`, as given. */
  folder: string;
  changed: boolean;
  digest: string;
}

/** Writes all trees or none. `folder` is the output folder; `shown` is how diagnostics name it. */
export async function write(
  trees: readonly OutputTree[],
  place: { folder: string; shown: string },
): Promise<Outcome<Written[]>> {
  const standing: Standing[] = [];
  const diagnostics: Diagnostic[] = [];
  try {
    for (const tree of trees) {
      const found = await inspect(tree, join(place.folder, tree.environment), join(place.shown, tree.environment));
      standing.push(found);
      diagnostics.push(...found.diagnostics);
    }
    if (diagnostics.some((d) => d.severity === 'error')) return { ok: false, diagnostics };
    const changed = standing.filter((found) => found.changed);
    if (changed.length > 0) await replace(changed, place.folder);
  } catch (error) {
    return failed(...diagnostics, unwritable(error as NodeJS.ErrnoException, place.shown));
  }
  const written = standing.map(({ tree, changed }) => ({
    environment: tree.environment,
    folder: join(place.shown, tree.environment),
    changed,
    digest: tree.manifest.digest,
  }));
  return outcome(written, diagnostics);
}

async function replace(standing: readonly Standing[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const staging = join(folder, `.edgepass-${randomUUID()}`);
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const found of standing) await stage(found, join(staging, 'new', found.tree.environment));
    await mkdir(join(staging, 'old'), { recursive: true });
    for (const { tree, folder: target, exists } of standing) {
      const old = join(staging, 'old', tree.environment);
      if (exists) {
        await rename(target, old);
        undo.push(() => rename(old, target));
      }
      const fresh = join(staging, 'new', tree.environment);
      await rename(fresh, target);
      undo.push(() => rename(target, fresh));
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  // From here on the new output stands; foreign files were carried over, so the old folders hold nothing of anybody's.
  await rm(staging, { recursive: true, force: true });
}

async function stage({ tree, foreign, folder }: Standing, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const [path, bytes] of tree.files) {
    const file = join(into, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  for (const path of foreign) await carryOver(join(folder, path), join(into, path));
}

function unwritable(error: NodeJS.ErrnoException, shown: string): Diagnostic {
  const why: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'it is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a file is in the way',
    EDQUOT: 'the disk quota is used up',
  };
  if (error.code === 'ENOTEMPTY' || error.code === 'ENOENT')
    return {
      code: 'EP5002',
      severity: 'error',
      message: `${shown} was changed by another process while it was written.`,
      hint: 'Run the command again.',
      place: { file: shown },
    };
  const reason = (error.code && why[error.code]) ?? error.code;
  if (reason === undefined) throw error;
  return {
    code: 'EP5001',
    severity: 'error',
    message: `${shown} cannot be written: ${reason}.`,
    hint: 'Nothing was changed. Choose another folder with `--out DIR`.',
    place: { file: shown },
  };
}
