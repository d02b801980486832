import { explainPath } from '../config/explain.ts';
import { pointerParts, pointerTo } from '../config/locate.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { open } from './open.ts';
import { show } from './show.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'Say what a setting is in an environment, where it comes from and what it means',
  usage: '<path> --env <environment>',
  options: { env: { type: 'string', help: 'Environment to explain (required when there are several)' } },
  positionals: { min: 1, max: 1 },
  async run(args, io) {
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const [environment, ...others] = opened.value.environments;
    if (environment === undefined || others.length > 0)
      throw new UsageError(
        'Say which environment: --env <environment>.',
        `Defined: ${opened.value.config.environments.join(', ')}.`,
      );
    const asked = args.positionals[0] ?? '';
    const pointer = asked.startsWith('/') ? asked : asked.split('.').reduce((path, part) => pointerTo(path, part), '');
    const explained = explainPath(environment, pointer);
    if (!explained.ok) return show(explained.diagnostics, args, io);
    if (args.json) return show([], args, io, { ...explained.value, path: pointerParts(pointer).join('.') });
    io.stdout(explained.value.text);
    return EXIT.fine;
  },
};
