import type { Command } from '../command.ts';
import { changeKeys, KEYS_OPTIONS, withKeys } from './keys-session.ts';

export const rotate: Command = {
  name: 'keys rotate',
  summary: 'Let the next key sign; tokens of the one before it stay valid',
  usage: '[--env <environment>] [--now] [--no-wait]',
  options: { ...KEYS_OPTIONS, now: { type: 'boolean', help: 'Also when no rotation is due' } },
  positionals: { min: 0, max: 0 },
  details: `Without --now it does what the schedule does every hour: it rotates when that is due, and removes keys whose tokens have expired.
No live token is refused because of a rotation. It takes seconds, or some minutes when the spare was made only just now. A leaked key
needs \`edgepass keys kill\`: after a rotation its tokens are still valid.`,
  async run(args, io) {
    const command = args.values.now === true ? 'rotate' : 'run';
    return withKeys(args, io, (session) =>
      changeKeys(session, {
        what: 'keys rotate',
        command: { command },
        said: ({ signing }) =>
          command === 'rotate' ? `Key ${signing} signs now.` : `Done what was due; key ${signing} signs.`,
      }),
    );
  },
};
