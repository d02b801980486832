/** Help pages. */
import type { Command } from './command.ts';

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

export function commandHelp(command: Command, common: Command['options']): string {
  const options = Object.entries({ ...command.options, ...common }).map(([name, { type, short, help }]) => {
    const flag = `${short ? `-${short}, ` : '    '}--${name}${type === 'string' ? ' <value>' : ''}`;
    return `  ${flag.padEnd(26)}${help}`;
  });
  return `${command.summary}\n\nUsage: edgepass ${command.name} ${command.usage}\n\n${options.join('\n')}\n`;
}
