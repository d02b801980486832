import { type Outcome, outcome } from '../report/diagnostic.ts';
import { modeCosts } from '../report/keys-costs.ts';
import { modeText } from '../report/keys-text.ts';
import { type Args, type Command, UsageError } from './command.ts';
import {
  changeKeys,
  confirmed,
  KEYS_OPTIONS,
  type KeysSession,
  lookAtKeys,
  withKeys,
  YES,
} from './keys/keys-session.ts';
import { readFuture } from './times.ts';

const DAY = 86_400;
/** Longer is no night any more: then config.yaml has to say it. */
const LONGEST = 30 * DAY;

/** As it was typed. */
interface Override {
  mode: 'report' | 'enforce';
  until: string;
}

type Agreed = { mode: 'report' | 'enforce'; until: number };

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
    const wanted = wantedOf(args);
    if (wanted.mode !== 'off') endOf(wanted.until, (io.clock?.now() ?? new Date()).getTime() / 1000);
    return withKeys(args, io, async (session) => {
      const command = wanted.mode === 'off' ? outcome({ mode: wanted.mode }) : await agreedOn(session, wanted);
      if (!command.ok) return command;
      return changeKeys(session, {
        what: 'mode',
        command: { command: 'mode', ...command.value },
        said: (answer, now) => `Mode: ${modeText(answer.mode, now)}, within a minute or so everywhere.`,
      });
    });
  },
};

/** By the clock of AWS: with that of a laptop `2h` might be a day, for which nothing is refused. */
async function agreedOn(session: KeysSession, { mode, until }: Override): Promise<Outcome<Agreed>> {
  const look = await lookAtKeys(session);
  if (!look.ok) return look;
  const { answer, ended } = look.value;
  const wanted = { mode, until: endOf(until, ended) };
  const costs = modeCosts(wanted, { before: answer.mode, now: ended });
  const agreed = await confirmed(session, { costs, question: `Set ${mode}?` });
  return agreed.ok ? outcome(wanted) : agreed;
}

function wantedOf({ values, positionals }: Args): { mode: 'off' } | Override {
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
  return { mode: word, until };
}

/** Throws a `UsageError`. */
function endOf(until: string, now: number): number {
  const end = readFuture(until, 'until', now);
  if (end - now > LONGEST)
    throw new UsageError(
      '--until is more than 30 days ahead.',
      'For longer, set `mode` of the streams in config.yaml and deploy.',
    );
  return end;
}
