/** Chooses the command, parses its arguments and turns whatever happens into an exit code. */
import { parseArgs } from 'node:util';
import {
  type Args,
  type Command,
  type CommandGroup,
  type CommandLoader,
  EXIT,
  type Io,
  type Options,
  UsageError,
} from './commands/command.ts';
import { commandHelp, generalHelp, groupHelp } from './commands/help.ts';
import { COMMANDS } from './commands/index.ts';
import { nearest } from './report/nearest.ts';

/** Options that every command takes. */
export const COMMON: Command['options'] = {
  config: { type: 'string', short: 'c', help: 'Configuration file (default: config.yaml)' },
  out: { type: 'string', short: 'o', help: 'Output folder (default: out)' },
  json: { type: 'boolean', help: 'Print one JSON document instead of text' },
  help: { type: 'boolean', short: 'h', help: 'Show this page' },
};

/** Never throws and never exits: the caller sets the process's exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr(`edgepass: ${error.message}\n  hint: ${error.hint}\n`);
      return EXIT.usage;
    }
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr(
      `edgepass: this is a bug of edgepass, not of your configuration. Please report it with these lines:\n${details}\n`,
    );
    return EXIT.bug;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.stdout(generalHelp(COMMANDS));
    return name === undefined ? EXIT.usage : EXIT.fine;
  }
  if (name === '--version' || name === '-v') {
    io.stdout(`${io.version}\n`);
    return EXIT.fine;
  }
  const command = await find(COMMANDS, name, 'edgepass').load();
  return 'verbs' in command ? runVerb(command, rest, io) : runCommand(command, rest, io);
}

async function runVerb(group: CommandGroup, [verb, ...rest]: string[], io: Io): Promise<number> {
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    io.stdout(groupHelp(group));
    return verb === undefined ? EXIT.usage : EXIT.fine;
  }
  const found = await find(group.verbs, verb, `edgepass ${group.name}`).load();
  if ('verbs' in found) throw new Error(`the verb ${found.name} has verbs of its own`);
  return runCommand(found, rest, io);
}

/** `before`: what is typed in front of the name. */
function find(loaders: readonly CommandLoader[], name: string, before: string): CommandLoader {
  const found = loaders.find((loader) => loader.name === name);
  if (found !== undefined) return found;
  const guess = nearest(
    name,
    loaders.map((loader) => loader.name),
  );
  // Cut, since what stands where a verb belongs may be a token.
  const typed = `${before} ${name.slice(0, 30)}`.replace(/^edgepass /, '');
  throw new UsageError(
    `there is no command \`${typed}\`.`,
    guess ? `Did you mean \`${before} ${guess}\`?` : `Run \`${before} help\`.`,
  );
}

async function runCommand(command: Command, argv: string[], io: Io): Promise<number> {
  const args = parse(command, argv);
  if (args.values.help === true) {
    io.stdout(commandHelp(command, COMMON));
    return EXIT.fine;
  }
  const { min, max } = command.positionals;
  if (args.positionals.length < min || args.positionals.length > max)
    throw new UsageError(
      `\`edgepass ${command.name}\` takes ${min === max ? min : `${min} to ${max}`} arguments, not ${args.positionals.length}.`,
      `Usage: edgepass ${command.name} ${command.usage}`,
    );
  return command.run(args, io);
}

/** A token whose session id begins with a dash, which is no option. */
const TOKEN_WITH_DASH = /^-[\w-]*\.eyJ/;

/** Nothing that can be typed. */
const ASIDE = '\0';

function parse(command: Command, argv: string[]): Args {
  const { dashed = TOKEN_WITH_DASH } = command;
  const options: Options = {};
  const specs = { ...COMMON, ...command.options };
  for (const [name, { type, short, multiple = false }] of Object.entries(specs))
    options[name] = short === undefined ? { type, multiple } : { type, short, multiple };
  try {
    // They stand aside while options are looked for, and come back where they were, be it the value of an option.
    const args = argv.map((arg, at) => (dashed.test(arg) ? `${ASIDE}${at}` : arg));
    const back = <T>(value: T): T =>
      typeof value === 'string' && value.startsWith(ASIDE) ? (argv[Number(value.slice(ASIDE.length))] as T) : value;
    const found = parseArgs({ args, options, allowPositionals: true, strict: true });
    const values = Object.fromEntries(
      Object.entries(found.values).map(([name, value]) => [name, Array.isArray(value) ? value.map(back) : back(value)]),
    );
    for (const [name, value] of Object.entries(values))
      if ([value].flat().includes(''))
        throw new UsageError(`--${name} needs a value.`, `Usage: edgepass ${command.name} ${command.usage}`);
    const several = Object.keys(specs).filter((name) => specs[name]?.multiple);
    const typed = values as Args['values'];
    return {
      config: (typed.config as string | undefined) ?? 'config.yaml',
      out: (typed.out as string | undefined) ?? 'out',
      json: typed.json === true,
      values: typed,
      lists: Object.fromEntries(several.map((name) => [name, (values[name] ?? []) as string[]])),
      positionals: found.positionals.map(back),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw misuse(error as Error, command, Object.keys(options));
  }
}

/** What `parseArgs` has to say, in our words. No value is repeated: it may be a token. */
function misuse({ message }: Error, command: Command, options: string[]): UsageError {
  const usage = `Usage: edgepass ${command.name} ${command.usage}`;
  const dashed = /Option '[^']*--([\w-]+)[^']*' argument is ambiguous/.exec(message)?.[1];
  if (dashed !== undefined)
    return new UsageError(`the value of --${dashed} begins with a dash.`, `Write --${dashed}=<value>.`);
  const unknown = /Unknown option '(-[^'.=]{0,30})/.exec(message)?.[1];
  if (unknown === undefined) return new UsageError(`${message.split('\n')[0]?.replace(/\.?$/, '.')}`, usage);
  const guess = nearest(unknown.replace(/^-+/, ''), options);
  return new UsageError(`unknown option ${unknown}.`, guess ? `Did you mean --${guess}?` : usage);
}
