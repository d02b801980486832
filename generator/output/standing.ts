/** What stands in an output folder before it is written: which files are ours, which are not. */
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../report/diagnostic.ts';
import { MANIFEST_FILE, type OutputTree, sha256 } from './manifest.ts';

export interface Standing {
  tree: OutputTree;
  folder: string;
  exists: boolean;
  changed: boolean;
  /** Paths that the last run did not write, or that were edited since and are no longer part of the output. */
  foreign: string[];
  diagnostics: Diagnostic[];
}

/** `shown` is how diagnostics name `folder`. */
export async function inspect(tree: OutputTree, folder: string, shown: string): Promise<Standing> {
  const present = await filesIn(folder);
  const standing: Standing = {
    tree,
    folder,
    exists: present !== undefined,
    changed: true,
    foreign: [],
    diagnostics: [],
  };
  if (present === undefined) return standing;
  const ours = await lastWritten(folder);
  let same = true;
  for (const path of present) {
    const wanted = tree.files.get(path);
    const digest = ours.get(path);
    const content = wanted === undefined && digest === undefined ? undefined : await contentOf(join(folder, path));
    if (wanted !== undefined) {
      const equal = content !== undefined && Buffer.compare(content, wanted) === 0;
      if (equal) continue;
      same = false;
      if (path === MANIFEST_FILE ? ours.size === 0 : digest === undefined)
        standing.diagnostics.push(inTheWay(join(shown, path)));
      else if (path !== MANIFEST_FILE && (content === undefined || sha256(content) !== digest))
        standing.diagnostics.push(edited(join(shown, path), 'It was written anew.'));
    } else if (digest !== undefined && content !== undefined && sha256(content) === digest) same = false;
    else {
      standing.foreign.push(path);
      if (digest !== undefined)
        standing.diagnostics.push(edited(join(shown, path), 'It is no longer generated and was left as it is.'));
    }
  }
  standing.changed = !same || [...tree.files.keys()].some((path) => !present.includes(path));
  return standing;
}

/** Makes a foreign file part of the new folder too: a second name for it where the file system can, else a copy. */
export async function carryOver(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const found = await lstat(from);
  if (found.isDirectory()) await mkdir(to, { recursive: true });
  else if (found.isSymbolicLink()) await symlink(await readlink(from), to);
  else await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL));
}

/** Files, links and empty folders below a folder, with forward slashes; undefined when it does not exist. */
async function filesIn(folder: string, below = ''): Promise<string[] | undefined> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (entries === undefined) return undefined;
  const files: string[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) files.push(path);
    else {
      const inside = (await filesIn(folder, path)) ?? [];
      files.push(...(inside.length === 0 ? [path] : inside));
    }
  }
  return files;
}

/** Digests by path out of the last manifest; empty when there is none or it is not ours. */
async function lastWritten(folder: string): Promise<Map<string, string>> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')) as {
      version?: unknown;
      files?: { path: string; sha256: string }[];
    };
    if (typeof manifest.version !== 'number' || !Array.isArray(manifest.files)) return new Map();
    return new Map(manifest.files.map(({ path, sha256: digest }) => [path, digest]));
  } catch {
    return new Map();
  }
}

async function contentOf(file: string): Promise<Buffer | undefined> {
  return (await lstat(file)).isFile() ? readFile(file) : undefined;
}

function inTheWay(file: string): Diagnostic {
  return {
    code: 'EP5003',
    severity: 'error',
    message: `${file} was not written by edgepass and would be overwritten.`,
    hint: 'Move it away, or choose another folder with `--out DIR`. Nothing was changed.',
    place: { file },
  };
}

function edited(file: string, what: string): Diagnostic {
  return {
    code: 'EP5004',
    severity: 'warning',
    message: `${file} was edited by hand since it was generated. ${what}`,
    hint: 'Change config.yaml or the module instead; generated files do not keep edits.',
    place: { file },
  };
}
