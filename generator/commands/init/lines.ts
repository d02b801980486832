/** Lines that somebody types, one at a time. */
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import type { Io } from '../command.ts';

export interface Lines {
  /** The next line; undefined when the input has ended or the user interrupted. */
  next(): Promise<string | undefined>;
  /** Lets go of the input, so that the process can end. */
  close(): void;
}

export function readLines(io: Io): Lines {
  // The terminal itself echoes and edits the line: prompts go where all text for people goes.
  const input = io.stdin === undefined ? process.stdin : Readable.from(io.stdin);
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  const stop = (): void => reader.close();
  io.interrupted.addEventListener('abort', stop, { once: true });
  if (io.interrupted.aborted) stop();
  return {
    async next() {
      const { done, value } = await lines.next();
      return done === true || io.interrupted.aborted ? undefined : value;
    },
    close() {
      io.interrupted.removeEventListener('abort', stop);
      reader.close();
    },
  };
}
