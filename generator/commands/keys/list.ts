import { outcome } from '../../report/diagnostic.ts';
import { ENV_OPTION } from '../aws-session.ts';
import type { Command } from '../command.ts';
import { lookAtKeys, withKeys } from './keys-session.ts';

export const list: Command = {
  name: 'keys list',
  summary: 'Show the keys, when the next rotation is due, and what is void or overridden',
  usage: '[--env <environment>]',
  options: { ...ENV_OPTION },
  positionals: { min: 0, max: 0 },
  details: `A key is \`spare\` (at the edge, signs when it is needed), \`signing\`, \`retiring\` (its tokens still play) or gone.
No key itself is ever shown: the workflow does not give it.`,
  async run(args, io) {
    return withKeys(args, io, async (session) => {
      const run = await lookAtKeys(session);
      if (!run.ok) return run;
      return outcome({ said: '', execution: run.value.execution, run: run.value });
    });
  },
};
