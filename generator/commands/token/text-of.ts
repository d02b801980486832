import type { Args } from '../command.ts';

/** Value of an option that takes a text and is not repeated. */
export function textOf(args: Args, name: string): string | undefined {
  return args.values[name] as string | undefined;
}
