/** Reads what the user names: a file, a pipe, or `-` for standard input. Never more of it than makes sense. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DiagnosticCode } from '../../report/codes.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { Io } from '../command.ts';

export interface Wanted {
  /** File, relative to where the command was started, or `-`. */
  name: string;
  io: Io;
  /** Most bytes that are read. */
  max: number;
  /** Code of what goes wrong, and what to do then. */
  code: DiagnosticCode;
  hint: string;
  /** Lines count: blank ones at the start are kept too. */
  lines?: true;
}

/** The text without white space around it. A file that other users may read is worth a warning where it holds keys. */
export async function readText({ name, io, max, code, hint, lines }: Wanted): Promise<Outcome<string>> {
  const shown = name === '-' ? 'standard input' : name;
  const unreadable = (why: string): { ok: false; diagnostics: Diagnostic[] } =>
    failed({ code, severity: 'error', message: `${shown} cannot be read: ${why}.`, hint, place: { file: shown } });
  try {
    const file = resolve(io.cwd, name);
    if (name !== '-' && (await stat(file)).isDirectory()) return unreadable('it is a folder');
    const bytes = await atMost(name === '-' ? (io.stdin ?? process.stdin) : createReadStream(file), max);
    if (bytes === undefined) return unreadable(`it is larger than ${max} bytes`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.trim() === '') return unreadable('it is empty');
    return outcome(lines ? text : text.trim());
  } catch (error) {
    return unreadable(reasonOf(error as NodeJS.ErrnoException));
  }
}

/** Everything a source gives, or `undefined` when that is more than `max` bytes; the rest is left unread. */
async function atMost(source: AsyncIterable<Uint8Array | string>, max: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(Buffer.from(chunk));
    size += chunks.at(-1)?.length ?? 0;
    if (size > max) return undefined;
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENAMETOOLONG: 'the name is too long',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof TypeError) return 'it is not UTF-8 text';
  return (error.code && REASONS[error.code]) ?? error.code ?? 'reading failed';
}
