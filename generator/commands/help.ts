/** Help pages. */
import type { Command, CommandGroup } from './command.ts';

export function generalHelp(commands: readonly { name: string; summary: string }[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  return `edgepass: protected video delivery on Amazon CloudFront, from one config.yaml

Usage: edgepass <command> [options]

${list}

edgepass <command> --help shows a command's options.
Exit codes: 0 fine, 1 diagnostics, 2 usage, 3 changes or drift found, 4 AWS refused, 70 bug.
`;
}

export function groupHelp({ name, summary, verbs }: CommandGroup): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const list = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n');
  return `${summary}\n\nUsage: edgepass ${name} <verb> [options]\n\n${list}\n\nedgepass ${name} <verb> --help shows a verb's options.\n`;
}

export function commandHelp(command: Command, common: Command['options']): string {
  const options = Object.entries({ ...command.options, ...common }).map(([name, option]) => {
    const { type, short, value = 'value', multiple, help } = option;
    const flag = `${short ? `-${short}, ` : '    '}--${name}${type === 'string' ? ` <${value}>` : ''}`;
    return `  ${flag.padEnd(26)}${flag.length >= 26 ? '  ' : ''}${help}${multiple ? ' (may be repeated)' : ''}`;
  });
  const details = command.details === undefined ? '' : `\n${command.details.trim()}\n`;
  return `${command.summary}\n\nUsage: edgepass ${command.name} ${command.usage}\n\n${options.join('\n')}\n${details}`;
}
