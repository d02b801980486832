/** Asks git, never through a shell, and never so that it touches the index or the work tree. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GitOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** An index file of our own. */
  indexFile?: string;
}

/** What git cannot do, in its own words. */
export class GitError extends Error {}

/** Set while a git hook runs: they would name that run's index and folders, not those of `cwd`. */
const OF_A_HOOK = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** Standard output of a git command. */
export async function git(args: readonly string[], { cwd, env, indexFile }: GitOptions): Promise<string> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_A_HOOK.includes(name)));
  const all = {
    ...own,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
  };
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd, env: all, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') throw new GitError('git is not installed');
    throw new GitError(stderr?.trim().split('\n').at(-1) || `git ended with ${code}`);
  }
}
