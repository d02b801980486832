/** Turns what esbuild says about a user's code into diagnostics. Anything else that is thrown is a bug and stays one. */
import { resolve } from 'node:path';
import type { Location, Message } from 'esbuild';
import type { Diagnostic, Place, Severity } from '../report/diagnostic.ts';

/** The messages of a failed build, or undefined if `error` is not one. Recognised by shape, so that esbuild need not be loaded. */
export function buildErrors(error: unknown): Message[] | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  return error.errors as Message[];
}

export interface FaultContext {
  severity: Severity;
  /** The entry, absolute: the place of messages without one. */
  entry: string;
  /** Folder that paths in messages are relative to. */
  root: string;
}

/** Diagnostics for esbuild's messages; places are absolute. */
export function buildFaults(messages: readonly Message[], { severity, entry, root }: FaultContext): Diagnostic[] {
  return messages.map((message) => ({
    ...explain(message.text, message.location === null),
    severity,
    place: message.location === null ? { file: entry } : placeOf(message.location, root),
  }));
}

type Explained = Required<Pick<Diagnostic, 'code' | 'message' | 'hint'>>;

function explain(text: string, isEntry: boolean): Explained {
  const missing = /^Could not resolve "([^"]*)"/.exec(text)?.[1];
  if (missing !== undefined && isEntry)
    return {
      code: 'EP3002',
      message: 'The entry of a function does not exist.',
      hint: 'Create the file, or correct `entry` in the contract of the module.',
    };
  if (missing !== undefined) {
    const hint = /^[./]/.test(missing)
      ? 'Check the path; it needs its extension.'
      : `Install it (\`npm install ${missing}\`), or correct its name.`;
    return { code: 'EP3002', message: `"${missing}" cannot be found.`, hint };
  }
  const syntax = /^Transforming (.+) to the configured target environment/.exec(text)?.[1];
  if (syntax !== undefined)
    return {
      code: 'EP3014',
      message: `The runtime of the function does not support ${syntax}.`,
      hint: 'Write it in ECMAScript 5.1 with let, const, arrow functions, templates and async functions.',
    };
  const message = /[.!?]$/.test(text) ? text : `${text}.`;
  return { code: 'EP3001', message, hint: 'Correct the code; nothing was bundled.' };
}

/** esbuild counts bytes from 0, editors count characters from 1. */
function placeOf({ file, line, column, length, lineText }: Location, root: string): Place {
  const bytes = Buffer.from(lineText);
  const characters = (start: number, end: number): number => bytes.subarray(start, end).toString().length;
  return {
    file: resolve(root, file),
    line,
    column: characters(0, column) + 1,
    length: Math.max(1, characters(column, column + length)),
    sourceLine: lineText,
  };
}
