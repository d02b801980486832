/** One JSON document in a file. It is read once; every change is written whole, so that no crash leaves half of it. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What stands in the file is not what this program writes there. */
export class CorruptState extends Error {
  readonly file: string;
  constructor(file: string, why: string) {
    super(why);
    this.file = file;
  }
}

export interface JsonFile<T> {
  readonly value: T;
  /** Puts another value in place. It is on disk when this returns. */
  replace(value: T): void;
}

export interface JsonFileOptions<T> {
  empty: T;
  /** What is wrong with a value, in a few words. */
  fault(value: unknown): string | undefined;
}

/** Throws `CorruptState`. */
export function jsonFile<T>(file: string, { empty, fault }: JsonFileOptions<T>): JsonFile<T> {
  let value = readValue(file, { empty, fault });
  return {
    get value() {
      return value;
    },
    replace(next) {
      // Beside the file and renamed: whoever reads sees the old text or the new one. For this user alone: it may hold keys.
      const beside = `${file}.${process.pid}`;
      try {
        const handle = openSync(beside, 'w', 0o600);
        try {
          writeFileSync(handle, `${JSON.stringify(next)}\n`);
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        renameSync(beside, file);
      } catch (error) {
        rmSync(beside, { force: true });
        throw error;
      }
      value = next;
    },
  };
}

function readValue<T>(file: string, { empty, fault }: JsonFileOptions<T>): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty;
    throw new CorruptState(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CorruptState(file, 'it is not JSON');
  }
  const found = fault(value);
  if (found !== undefined) throw new CorruptState(file, found);
  return value as T;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
