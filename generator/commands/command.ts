/** What a command is. One verb a file; a command turns arguments into stage calls and an outcome into text and exit code. */
import type { ParseArgsConfig } from 'node:util';
import type { Diagnostic } from '../report/diagnostic.ts';

/** Everything a command may do to the world apart from files. */
export interface Io {
  cwd: string;
  /** Folder of the edgepass package. */
  packageRoot: string;
  /** Version of the edgepass package. */
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  color: boolean;
  /** `taken` is called once whoever reads it has taken the text: what prints without end waits for that. */
  stdout(text: string, taken?: () => void): void;
  stderr(text: string): void;
  /** Standard input; left out, that of the process. */
  stdin?: AsyncIterable<Uint8Array | string>;
  /** Whether somebody is there to answer questions: input and output are a terminal. Left out, nobody is. */
  interactive?: boolean;
  /** Aborted when the user interrupts: `--watch` ends, what talks to AWS stops in order. */
  interrupted: AbortSignal;
  /** A person who can be asked; left out in pipelines. */
  terminal?: Terminal;
  /** Left out, that of the process. */
  clock?: Clock;
}

export interface Terminal {
  /** Width in characters. */
  columns: number;
  /** Shows the question and returns the line that was typed. */
  ask(question: string): Promise<string>;
}

export interface Clock {
  now(): Date;
  /** Milliseconds. */
  sleep(ms: number): Promise<void>;
}

/** Exit codes, the same for every command. */
export const EXIT = { fine: 0, diagnostics: 1, usage: 2, changes: 3, refused: 4, bug: 70 } as const;

export type Options = NonNullable<ParseArgsConfig['options']>;

/** Parsed arguments of a command: the options that every command has, and its own. */
export interface Args {
  config: string;
  out: string;
  json: boolean;
  values: Readonly<Record<string, string | boolean | undefined>>;
  /** Values of the options that may be repeated, as they came; `[]` where one was not given. */
  lists: Readonly<Record<string, readonly string[]>>;
  positionals: readonly string[];
}

export interface Option {
  type: 'string' | 'boolean';
  short?: string;
  /** May be repeated: its values are in `lists`. */
  multiple?: true;
  /** What stands for the value on the help page. */
  value?: string;
  help: string;
}

export interface Command {
  /** What is typed behind `edgepass`; of a verb both words. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What stands behind `edgepass <name>`, e.g. `<path> --env <e>`. */
  usage: string;
  /** Own options: name → text for the help page and parse settings. */
  options: Record<string, Option>;
  /** How many positional arguments it takes. */
  positionals: { min: number; max: number };
  /** What a positional argument looks like that begins with a dash and is no option; left out, a token. */
  dashed?: RegExp;
  /** Paragraphs below the options on the help page. */
  details?: string;
  run(args: Args, io: Io): Promise<number>;
}

/** A command that is nothing but its verbs: `edgepass <name> <verb>`. */
export interface CommandGroup {
  name: string;
  summary: string;
  verbs: readonly CommandLoader[];
}

/** Loaded when it is called, so that a quick one does not wait for a slow one's libraries. */
export interface CommandLoader {
  name: string;
  summary: string;
  load(): Promise<Command | CommandGroup>;
}

/** A mistake in the arguments themselves; ends with exit code 2. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Exit code for what was found. */
export function exitFor(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.some((d) => d.severity === 'error') ? EXIT.diagnostics : EXIT.fine;
}
