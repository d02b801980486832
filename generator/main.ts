/** Chooses the command, parses its arguments and turns whatever happens into an exit code. */
import { parseArgs } from 'node:util';
import { type Args, type Command, EXIT, type Io, type Options, UsageError } from './commands/command.ts';
import { commandHelp, generalHelp } from './commands/help.ts';
import { COMMANDS, type CommandLoader } from './commands/index.ts';
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
  const entry: CommandLoader | undefined = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) {
    const guess = nearest(
      name,
      COMMANDS.map((command) => command.name),
    );
    throw new UsageError(
      `there is no command \`${name}\`.`,
      guess ? `Did you mean \`edgepass ${guess}\`?` : 'Run `edgepass help`.',
    );
  }
  const command = await entry.load();
  const args = parse(command, rest);
  if (args.values.help === true) {
    io.stdout(commandHelp(command, COMMON));
    return EXIT.fine;
  }
  const { min, max } = command.positionals;
  if (args.positionals.length < min || args.positionals.length > max)
    throw new UsageError(
      `\`edgepass ${name}\` takes ${min === max ? min : `${min} to ${max}`} arguments, not ${args.positionals.length}.`,
      `Usage: edgepass ${name} ${command.usage}`,
    );
  return command.run(args, io);
}

function parse(command: Command, argv: string[]): Args {
  const options: Options = {};
  for (const [name, { type, short }] of Object.entries({ ...COMMON, ...command.options }))
    options[name] = short === undefined ? { type } : { type, short };
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true, strict: true });
    const typed = values as Args['values'];
    for (const [name, value] of Object.entries(typed))
      if (value === '')
        throw new UsageError(`--${name} needs a value.`, `Usage: edgepass ${command.name} ${command.usage}`);
    return {
      config: (typed.config as string | undefined) ?? 'config.yaml',
      out: (typed.out as string | undefined) ?? 'out',
      json: typed.json === true,
      values: typed,
      positionals,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const unknown = /Unknown option '(-[^']*)'/.exec((error as Error).message)?.[1];
    const guess = unknown && nearest(unknown.replace(/^-+/, ''), Object.keys(options));
    const message = unknown
      ? `unknown option ${unknown}.`
      : `${(error as Error).message.split('\n')[0]?.replace(/\.?$/, '.')}`;
    throw new UsageError(
      message,
      guess ? `Did you mean --${guess}?` : `Usage: edgepass ${command.name} ${command.usage}`,
    );
  }
}
