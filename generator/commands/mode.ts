import { modeCosts } from '../report/keys-costs.ts';
import { modeText } from '../report/keys-text.ts';
import { type Args, type Command, type Io, UsageError } from './command.ts';
import { changeKeys, confirmed, KEYS_OPTIONS, withKeys, YES } from './keys/keys-session.ts';
import { readFuture } from './times.ts';

const DAY = 86_400;
/** Longer is no night any more: then config.yaml has to say it. */
const LONGEST = 30 * DAY;

type Wanted = { mode: 'off' } | { mode: 'report' | 'enforce'; until: number };

export const mode: Command = {
  name: 'mode',
  summary: 'Put report or enforce in place of the configured modes for a while, or end that',
  usage: 'report|enforce|off [--until <time>] [--env <environment>] [--yes] [--no-wait]',
  options: {
    ...KEYS_OPTIONS,
    until: { type: 'string', value: 'time', help: 'Its end: ISO time, seconds since 1970, or a duration such as 2h' },
    ...YES,
  },
  positionals: { min: 1, max: 1 },
  details: `\`report\` lets everybody watch, and logs what would be refused: for a false alarm that refuses paying viewers. \`enforce\` refuses also
where \`report\` is configured. \`off\` ends either. Streams whose configured mode is off stay off.
The edge reads it from where it reads its keys: while that cannot be read, the configured modes hold.`,
  async run(args, io) {
    const wanted = wantedOf(args, io);
    return withKeys(args, io, async (session) => {
      const { aws } = session;
      const seconds = (): number => Math.floor(aws.now().getTime() / 1000);
      if (wanted.mode !== 'off') {
        const costs = modeCosts(wanted.mode, wanted.until, seconds());
        const agreed = await confirmed(session, { costs, question: `Set ${wanted.mode}?` });
        if (!agreed.ok) return agreed;
      }
      return changeKeys(session, {
        what: 'mode',
        command: { command: 'mode', ...wanted },
        said: (answer) => `Mode: ${modeText(answer.mode, seconds())}, within a minute or so everywhere.`,
      });
    });
  },
};

function wantedOf({ values, positionals }: Args, io: Io): Wanted {
  const [word] = positionals;
  const until = values.until as string | undefined;
  if (word === 'off') {
    if (until !== undefined) throw new UsageError('`mode off` takes no --until.', 'It ends the override now.');
    return { mode: 'off' };
  }
  if (word !== 'report' && word !== 'enforce')
    throw new UsageError('that is no mode.', 'One of: report, enforce, off (as configured again).');
  if (until === undefined)
    throw new UsageError('--until is missing.', 'Nobody should have to think of ending it: --until 2h.');
  const now = (io.clock?.now() ?? new Date()).getTime() / 1000;
  const end = readFuture(until, 'until', now);
  if (end - now > LONGEST)
    throw new UsageError(
      '--until is more than 30 days ahead.',
      'For longer, set `mode` of the streams in config.yaml and deploy.',
    );
  return { mode: word, until: end };
}
