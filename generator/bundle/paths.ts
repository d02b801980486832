/** Paths as they go into outputs and cache keys: the same on every machine. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

/** `path` relative to `root`, with forward slashes. */
export function relativeTo(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/**
 * `path` without symbolic links; what does not exist is kept as it is. esbuild resolves links by itself, and a path through a link would
 * then be stated relative to another place, with names of the machine in it.
 */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}
