import { expect, it } from 'vitest';
import { withoutTokens } from '../../../generator/commands/token/mask.ts';
import { signToken, testKey } from '../../helpers/sign.ts';

const key = testKey('mask-1');
const claims = { iat: 1_800_000_000, exp: 1_800_000_600, paths: ['/live/'] };
/** With a blank behind the brace, as some libraries write it: it begins with `ey` and no `J`. */
const spaced = `{ "alg":"HS256","kid":"${key.kid}"}`;

it.each([
  ['a session', 'Zm9vYmFyYmF6cXV4cXV1eDA', undefined],
  ['a session that begins like a header', 'e0123456789abcdefghijk', undefined],
  ['a session that begins like a header, before a header with a blank', 'e0123456789abcdefghijk', spaced],
])('hides a token and leaves %s', (_name, session, header) => {
  const token = signToken({ key, claims, session, ...(header === undefined ? {} : { header }) });
  expect(withoutTokens(`https://media.example.com/${token}/live/a.m3u8`)).toBe(
    `https://media.example.com/${session}.<token>/live/a.m3u8`,
  );
});

it('hides a token without a session', () => {
  for (const header of [undefined, spaced]) {
    const token = signToken({ key, claims, ...(header === undefined ? {} : { header }) });
    expect(withoutTokens(`/${token}/live/a.m3u8`)).toBe('/<token>/live/a.m3u8');
  }
});
