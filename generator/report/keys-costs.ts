/** What a command about keys costs, said before it is done. */
import type { KeysAnswer } from '../aws/keys-answer.ts';
import { modeText } from './keys-text.ts';
import { duration, relative, utc } from './time-text.ts';

/** Issuers read their record again at least this often, seconds. */
const ISSUERS = '5 min';

/** Lines. `kid` is live. */
export function killCosts({ keys, wait }: KeysAnswer, kid: string): string[] {
  const key = keys.find((one) => one.kid === kid);
  const rest = 'It cannot be taken back.';
  if (key?.state === 'spare')
    return [`${kid} is the spare: no token was ever signed with it. A new spare takes its place.`, rest];
  const refused = `Every token that ${kid} has signed is refused as soon as the edge knows, within a minute or so.`;
  const viewers = 'Their viewers need a new playback URL.';
  if (key?.state !== 'signing') return [refused, viewers, 'The key that signs now is not touched.', rest];
  const spare = keys.find(({ state, published }) => state === 'spare' && published !== undefined);
  const next =
    spare === undefined
      ? 'There is no spare: a new key is made, and nothing can be signed until it is everywhere: `keys.propagation` and 4 min.'
      : wait === 0
        ? `The spare ${spare.kid} signs at once.`
        : `The spare ${spare.kid} signs in ${duration(wait)}; until then nothing can be signed.`;
  return [
    refused,
    viewers,
    next,
    `Issuers go on with ${kid} until they read their record again, at most ${ISSUERS}: those tokens are refused too.`,
    rest,
  ];
}

export function voidCosts(before: number, now: number): string[] {
  return [
    `Every token issued before ${utc(before)} (${relative(before, now)}) is refused, whoever has it.`,
    'Viewers who hold one need a new playback URL. Tokens issued since stay valid.',
    'It does not stop somebody who has a key: that is `keys kill`.',
    'It cannot be taken back: the time only rises.',
  ];
}

/** `before`: the override that stands now. */
export function modeCosts(
  { mode, until }: { mode: 'report' | 'enforce'; until: number },
  { before, now }: { before: KeysAnswer['mode']; now: number },
): string[] {
  return [
    mode === 'report'
      ? 'Nothing is refused any more: every stream that is checked plays without a token, revoked sessions too.'
      : 'Streams in report are enforced: who has no valid token there is refused.',
    `Until ${utc(until)} (${relative(until, now)}); after it every stream is again as configured.`,
    ...(before === undefined || before.until <= now ? [] : [`It takes the place of ${modeText(before, now)}.`]),
  ];
}
