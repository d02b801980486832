/** The folder in which the local edge keeps what AWS would: keys, revocations, assets. One process at a time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process has the folder. */
export class FolderInUse extends Error {
  readonly pid: number;
  constructor(pid: number) {
    super(`process ${pid} has it`);
    this.pid = pid;
  }
}

export interface StateFolder {
  path: string;
  /** Lets others have it. */
  release(): void;
}

const LOCK = 'lock';

/** `fresh`: what was in it is forgotten. Throws `FolderInUse`, or what the file system says. */
export function openFolder(path: string, { fresh }: { fresh: boolean }): StateFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = join(path, LOCK);
  takeLock(lock);
  if (fresh) {
    rmSync(path, { recursive: true });
    mkdirSync(path, { mode: 0o700 });
    takeLock(lock);
  }
  return {
    path,
    release: () => {
      if (holderOf(lock) === process.pid) rmSync(lock, { force: true });
    },
  };
}

/** Keys must not get into a repository by `git add .`. */
export function ignoreFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, '.gitignore'), '*\n');
}

function takeLock(lock: string): void {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = holderOf(lock);
    if (pid !== undefined && isRunning(pid)) throw new FolderInUse(pid);
    // Whoever had it was killed.
    rmSync(lock, { force: true });
  }
}

function holderOf(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
