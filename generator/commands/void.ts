import { outcome } from '../report/diagnostic.ts';
import { voidCosts } from '../report/keys-costs.ts';
import { utc } from '../report/time-text.ts';
import { type Args, type Command, UsageError } from './command.ts';
import { changeKeys, confirmed, KEYS_OPTIONS, lookAtKeys, withKeys, YES } from './keys/keys-session.ts';
import { readPast } from './times.ts';

export const voidCommand: Command = {
  name: 'void',
  summary: 'Refuse every token issued before a time: for tokens that leaked in numbers',
  usage: '--before <time> [--env <environment>] [--yes] [--no-wait]',
  options: {
    ...KEYS_OPTIONS,
    before: { type: 'string', value: 'time', help: 'ISO time, seconds since 1970, `now`, or `10m ago`' },
    ...YES,
  },
  positionals: { min: 0, max: 1 },
  details: `Everybody whose token was issued before that time needs a new playback URL; what that costs is said first. The time only rises:
it cannot be taken back, and never lies in the future. Somebody who has a key makes new tokens: then use \`edgepass keys kill\`.`,
  async run(args, io) {
    const text = beforeOf(args);
    readPast(text, 'before', (io.clock?.now() ?? new Date()).getTime() / 1000);
    return withKeys(args, io, async (session) => {
      const look = await lookAtKeys(session);
      if (!look.ok) return look;
      const { ended, answer } = look.value;
      // The clock of AWS decides what is now: that of a laptop may be wrong, and this cannot be taken back.
      const before = readPast(text, 'before', ended);
      // Noted already; whoever did it may have been cut off before the edge knew.
      const isVoid = before <= answer.voidBefore;
      const agreed = isVoid
        ? outcome<true>(true)
        : await confirmed(session, { costs: voidCosts(before, ended), question: 'Make them void?' });
      if (!agreed.ok) return agreed;
      return changeKeys(session, {
        what: 'void',
        command: { command: 'void', before },
        said: ({ voidBefore }) =>
          isVoid
            ? `Tokens issued before ${utc(voidBefore)} are void already; the edge was told again.`
            : `Tokens issued before ${utc(voidBefore)} are refused, within a minute or so everywhere.`,
      });
    });
  },
};

/** `--before 10m ago` is also taken without quotes. */
function beforeOf({ values, positionals }: Args): string {
  const [word] = positionals;
  const before = values.before as string | undefined;
  if (before === undefined)
    throw new UsageError('--before is missing.', 'For example --before now, or --before "10m ago".');
  if (word !== undefined && word !== 'ago')
    throw new UsageError('that is one word too many.', 'Quote the time: --before "10m ago".');
  return word === undefined ? before : `${before} ${word}`;
}
