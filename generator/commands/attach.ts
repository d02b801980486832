import { attachDistribution } from '../aws/attach.ts';
import { guarded } from '../aws/faults.ts';
import { globalClients } from '../aws/global-clients.ts';
import { printAttach } from '../report/attach-text.ts';
import { outcome } from '../report/diagnostic.ts';
import { ask, awsOf, ENV_OPTION, finish, releaseOf } from './aws-session.ts';
import { type Command, UsageError } from './command.ts';

export const attach: Command = {
  name: 'attach',
  summary: 'Put the token check on the behaviours of a distribution that is there already',
  usage: '[--env <environment>] --distribution <id> [--function-only] [--yes] [--no-wait]',
  options: {
    ...ENV_OPTION,
    distribution: { type: 'string', value: '<id>', help: 'The distribution, as `distribution.attach` names it' },
    'function-only': { type: 'boolean', help: 'Leave cache and origin request policies as they are' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask' },
    'no-wait': { type: 'boolean', help: 'Do not wait until the change is everywhere' },
  },
  positionals: { min: 0, max: 0 },
  details:
    'Every behaviour that can reach a protected origin gets the function; the change is shown line by line first, and nothing else of the distribution is touched.',
  async run(args, io) {
    const distribution = args.values.distribution as string | undefined;
    if (distribution === undefined || !/^[A-Z0-9]{5,30}$/.test(distribution))
      throw new UsageError(
        '--distribution takes the id of a distribution.',
        'For example --distribution E1A2B3C4D5E6F7.',
      );
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const aws = { ...awsOf(io), global: globalClients(io.env) };
    const done = await guarded(() =>
      attachDistribution(aws, release.value, {
        distribution,
        functionOnly: args.values['function-only'] === true,
        wait: args.values['no-wait'] !== true,
        confirm: async (changes, again) => {
          if (again) io.stderr('The distribution was changed by somebody else meanwhile. What would change now:\n');
          io.stderr(printAttach(changes, { distribution, color: io.color }));
          if (args.values.yes === true) return outcome<true>(true);
          return ask(io, { question: `Change ${distribution}? (yes) `, answer: 'yes', option: '--yes' });
        },
      }),
    );
    const code = finish({ args, io }, done.diagnostics, done.ok ? done.value : undefined);
    if (done.ok && !args.json) {
      const { outcome: how, deployed } = done.value;
      const where = how === 'attached' && !deployed ? '; it takes some minutes to be everywhere' : '';
      io.stdout(`${distribution}  ${how}${where}\n`);
    }
    return code;
  },
};
