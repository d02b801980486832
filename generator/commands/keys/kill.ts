import { isKid, type KeysAnswer } from '../../aws/keys-answer.ts';
import { type Outcome, outcome } from '../../report/diagnostic.ts';
import { killCosts } from '../../report/keys-costs.ts';
import { signsText } from '../../report/keys-text.ts';
import { ask } from '../aws-session.ts';
import { type Command, UsageError } from '../command.ts';
import { changeKeys, KEYS_OPTIONS, type KeysSession, lookAtKeys, refused, withKeys } from './keys-session.ts';

export const kill: Command = {
  name: 'keys kill',
  summary: 'Remove a leaked key at once; all its tokens are refused',
  usage: '<kid> [--env <environment>] [--confirm <kid>] [--no-wait]',
  options: {
    ...KEYS_OPTIONS,
    confirm: { type: 'string', value: 'kid', help: 'Id of the key once more, instead of typing it' },
  },
  positionals: { min: 1, max: 1 },
  dashed: /^-(?!-)[\w-]{7}$/,
  details: `For a leaked key. For leaked tokens whose key is safe use \`edgepass void\` or \`edgepass revoke\`, which cost less.
The key leaves the edge first, then the spare signs; what that costs is said before anything is done. It cannot be taken back.
An id that begins with two dashes goes behind \`--\`: \`edgepass keys kill -- --abcdef\`.`,
  async run(args, io) {
    const kid = args.positionals[0] ?? '';
    if (!isKid(kid)) throw new UsageError('that is no id of a key.', '`edgepass keys list` shows them.');
    const typed = args.values.confirm as string | undefined;
    if (typed !== undefined && typed !== kid)
      throw new UsageError('--confirm names another key than the one to kill.', 'Give the same id twice.');
    return withKeys(args, io, async (session) => {
      const look = await lookAtKeys(session);
      if (!look.ok) return look;
      const { answer } = look.value;
      // Gone by the record; whoever removed it may have been cut off before the edge knew.
      const isGone = answer.keys.some((key) => key.kid === kid && key.state === 'gone');
      const agreed = isGone ? outcome<true>(true) : await agree(session, { kid, answer });
      if (!agreed.ok) return agreed;
      return changeKeys(session, {
        what: 'keys kill',
        command: { command: 'kill', kid },
        said: (left, now) =>
          isGone
            ? `Key ${kid} was gone already; the edge was told again.`
            : `Key ${kid} is gone. ${signsText(left, now)}`,
      });
    });
  },
};

async function agree(
  { args, io, workflow }: KeysSession,
  { kid, answer }: { kid: string; answer: KeysAnswer },
): Promise<Outcome<true>> {
  if (!answer.keys.some((one) => one.kid === kid))
    return refused({
      code: 'EP7906',
      message: `There is no key ${kid}.`,
      hint: `\`edgepass keys list --env ${workflow.environment}\` shows the ids of live keys.`,
      environment: workflow.environment,
    });
  io.stderr(
    killCosts(answer, kid)
      .map((line) => `  ${line}\n`)
      .join(''),
  );
  if (args.values.confirm !== undefined) return outcome<true>(true);
  return ask(io, { question: `Type ${kid} to kill it: `, answer: kid, option: `--confirm=${kid}` });
}
