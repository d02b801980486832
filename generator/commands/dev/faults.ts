/** What can go wrong with the machine, as diagnostics. */
import { FolderInUse } from '../../local/state/folder.ts';
import { CorruptState } from '../../local/state/json-file.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';

const CANNOT_LISTEN: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EACCES: 'ports below 1024 are not for everybody',
};

export interface At {
  host: string;
  port: number;
  /** State folder as people see it. */
  folder: string;
}

/** Undefined for what is a bug. */
export function faultOf(error: unknown, { host, port, folder }: At): Diagnostic | undefined {
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  if (error instanceof CorruptState)
    return {
      code: 'EP8003',
      severity: 'error',
      message: `The state of an earlier run cannot be used: ${error.message.replace(/\.$/, '')}.`,
      hint: 'Run it again with --fresh: it makes new keys, and tokens of before are void.',
      place: { file: error.file },
    };
  if (error instanceof FolderInUse)
    return {
      code: 'EP8004',
      severity: 'error',
      message: `Process ${error.pid} runs the local edge of this environment already.`,
      hint: `End it, or run another environment. If that process is something else, remove ${folder}/lock.`,
    };
  if (code === 'EADDRNOTAVAIL' && syscall === 'listen')
    return {
      code: 'EP8001',
      severity: 'error',
      message: `Nothing can be served at ${host}: ${CANNOT_LISTEN[code]}.`,
      hint: 'Leave --host out, or name one of its addresses; 0.0.0.0 is all of them.',
    };
  if (syscall === 'listen')
    return {
      code: 'EP8001',
      severity: 'error',
      message: `Nothing can be served at ${host}, port ${port}: ${CANNOT_LISTEN[code] ?? code}.`,
      hint: 'Name another one: --port 8788, or --port 0 for any that is free.',
    };
  if (typeof syscall === 'string') {
    // A disk that is full is told without a path.
    const isState = path === undefined || /[\\/]\.edgepass(?:[\\/]|$)/.test(path);
    return {
      code: 'EP8002',
      severity: 'error',
      message: `${isState ? `The state folder ${folder}` : path} cannot be used: ${code} at ${syscall}.`,
      hint: isState
        ? 'It must be a folder that you may write, on a disk with room.'
        : 'It must be there, and yours to use, on a disk with room.',
    };
  }
  return undefined;
}
