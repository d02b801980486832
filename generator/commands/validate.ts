import type { Command } from './command.ts';
import { open } from './open.ts';
import { show, tally } from './show.ts';

export const validate: Command = {
  name: 'validate',
  summary: 'Check config.yaml for every environment, without network',
  usage: '[--env <environment>]',
  options: { env: { type: 'string', help: 'Check one environment only' } },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const opened = await open(args, io);
    const names = opened.ok ? opened.value.environments.map((environment) => environment.name) : [];
    const code = show(opened.diagnostics, args, io, { environments: names });
    if (!args.json) {
      if (opened.diagnostics.length > 0) io.stderr('\n');
      io.stderr(
        `${args.config}: ${opened.ok ? `valid for ${names.join(', ')}` : 'not valid'} (${tally(opened.diagnostics)})\n`,
      );
    }
    return code;
  },
};
