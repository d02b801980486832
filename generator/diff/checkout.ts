/** The files of a git revision in a folder of their own, beside the work tree and not in it. */
import { lstat, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { GitError, type GitOptions, git } from './git.ts';

export interface CheckoutOptions {
  revision: string;
  /** Folder of config.yaml. */
  root: string;
  configFile: string;
  /** Folder of the edgepass package. */
  packageRoot: string;
  env: GitOptions['env'];
}

export interface Checkout {
  /** What `root` and `packageRoot` are at that revision; the package stays where it is unless it is part of the repository. */
  root: string;
  packageRoot: string;
  /** The same place in the copy, for a folder in the repository. */
  inCopy(folder: string): string;
  hasConfig: boolean;
  /** A folder that goes with the copy. */
  cacheDir: string;
  /** Removes the copy. */
  remove(): Promise<void>;
}

/** What generating reads: of the operator's repository, and of the package when it is there too. */
const SOURCES = ['templates', 'runtime', 'schema', 'package.json'];
const PACKAGE_SOURCES = [...SOURCES, 'generator'];

/** Throws a GitError, its message for people, when there is no such revision; whoever calls removes the copy. */
export async function checkout(options: CheckoutOptions): Promise<Checkout> {
  const { revision, env } = options;
  // git would take it for an option.
  if (revision.startsWith('-')) throw new GitError('a revision does not begin with a dash');
  const root = await realpath(options.root);
  const at = { cwd: root, env };
  const top = (await git(['rev-parse', '--show-toplevel'], at)).replace(/\n$/, '');
  const commit = await commitOf(revision, at);
  const packageRoot = await realpath(options.packageRoot);
  const packageInside = isInside(packageRoot, top) && !packageRoot.split(sep).includes('node_modules');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'edgepass-diff-')));
  const copy = join(folder, 'tree');
  const inCopy = (path: string): string => join(copy, relative(top, path));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const wanted = SOURCES.map((name) => join(root, name));
    if (packageInside) wanted.push(...PACKAGE_SOURCES.map((name) => join(packageRoot, name)));
    const configFile = join(root, relative(options.root, options.configFile));
    const paths = [...wanted, configFile].map((path) => relative(top, path));
    await copyFiles({ commit, paths, top, copy, indexFile: join(folder, 'index'), env });
    const modulesOf = new Set([
      ...foldersBetween(top, root),
      ...(packageInside ? foldersBetween(top, packageRoot) : []),
    ]);
    for (const place of modulesOf) await linkModules(place, inCopy(place));
    return {
      root: inCopy(root),
      packageRoot: packageInside ? inCopy(packageRoot) : packageRoot,
      inCopy,
      hasConfig: await exists(inCopy(configFile)),
      cacheDir: join(folder, 'cache'),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function commitOf(revision: string, at: GitOptions): Promise<string> {
  try {
    return (await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], at)).trim();
  } catch {
    throw new GitError('there is no such revision');
  }
}

interface Copying {
  commit: string;
  /** Relative to `top`. */
  paths: readonly string[];
  top: string;
  copy: string;
  indexFile: string;
  env: GitOptions['env'];
}

/** An index of our own takes the place of the repository's, so nobody's staged work is touched. */
async function copyFiles({ commit, paths, top, copy, indexFile, env }: Copying): Promise<void> {
  const at = { cwd: top, env, indexFile };
  // `literal`: the name of a folder may begin with a colon.
  const inTree = await git(
    ['--literal-pathspecs', 'ls-tree', '-r', '--name-only', '-z', '--full-tree', commit, '--', ...paths],
    at,
  );
  await mkdir(copy, { recursive: true });
  if (inTree === '') return;
  await git(['read-tree', commit], at);
  const files = inTree.split('\0').filter((path) => path !== '');
  for (let start = 0; start < files.length; start += 500)
    await git(['checkout-index', `--prefix=${copy}/`, '--', ...files.slice(start, start + 500)], at);
}

/** Packages are not versioned; functions of the revision are bundled with those that are installed. */
async function linkModules(place: string, into: string): Promise<void> {
  const modules = join(place, 'node_modules');
  if (!(await exists(modules))) return;
  await mkdir(into, { recursive: true });
  await symlink(modules, join(into, 'node_modules'));
}

function foldersBetween(top: string, folder: string): string[] {
  return folder === top ? [top] : [...foldersBetween(top, dirname(folder)), folder];
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
