import { policyDocument } from '../access/grant.ts';
import { commandGrants, PERMITTED_COMMANDS, type PermittedCommand } from '../access/policies.ts';
import { nearest } from '../report/nearest.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { open } from './open.ts';
import { scopesOf } from './scope.ts';
import { show } from './show.ts';

export const permissions: Command = {
  name: 'permissions',
  summary: 'Print the least IAM policy that a command needs',
  usage: '<command> --env <environment>',
  options: { env: { type: 'string', help: 'Environment; may be left out when there is only one' } },
  positionals: { min: 1, max: 1 },
  details: `Commands: ${PERMITTED_COMMANDS.join(', ')} (\`heal\` is \`drift --heal\`). The roles of \`bootstrap\` are made from the same table.`,
  async run(args, io) {
    const command = args.positionals[0] as PermittedCommand;
    if (!PERMITTED_COMMANDS.includes(command)) {
      const guess = nearest(command, PERMITTED_COMMANDS);
      throw new UsageError(
        'that command needs no permission in AWS, or there is no such command.',
        guess ? `Did you mean \`edgepass permissions ${guess}\`?` : `One of: ${PERMITTED_COMMANDS.join(', ')}.`,
      );
    }
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const [scope, ...others] = scopesOf(opened.value);
    if (scope === undefined || others.length > 0)
      throw new UsageError('the configuration has several environments.', 'Name one with --env.');
    io.stdout(`${JSON.stringify(policyDocument(commandGrants(command, scope)), null, 2)}\n`);
    return EXIT.fine;
  },
};
