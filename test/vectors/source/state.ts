/** `state.json`, and the states that requests meet. The layout is written out here once more, not taken from the codec. */
import { encode, type TestKey } from '../../helpers/sign.ts';
import type { StateContent, StateFile } from '../types.ts';
import { AUDIENCE, KEY1, KEY2, NOW } from './keys.ts';

const ten = (seconds: number): string => String(seconds).padStart(10, '0');
const part = ({ kid, sign, bind }: TestKey): string => `|${encode({ alg: 'HS256', typ: 'JWT', kid })},${sign},${bind}`;

export function stateText({ audience, voidBefore, override, keys }: StateContent): string {
  const mode = override === undefined ? `-${ten(0)}` : `${override.mode.slice(0, 1)}${ten(override.until)}`;
  const rest = ` ${ten(voidBefore)} ${mode} ${audience}${keys.map(part).join('')}`;
  return `ep1 ${'ep1 123'.length + rest.length}${rest}`;
}

const normal: StateContent = { audience: AUDIENCE, voidBefore: 0, keys: [KEY2, KEY1] };
const contents: Record<string, StateContent> = {
  normal,
  'one key': { ...normal, keys: [KEY1] },
  'tokens before NOW - 60 are void': { ...normal, voidBefore: NOW - 60 },
  'tokens before NOW - 59 are void': { ...normal, voidBefore: NOW - 59 },
  'override to report': { ...normal, override: { mode: 'report', until: NOW + 10 } },
  'override to enforce': { ...normal, override: { mode: 'enforce', until: NOW + 10 } },
  'another deployment': { ...normal, audience: 'acme/prod' },
};

const good = stateText(normal);
const malformed: Record<string, string> = {
  empty: '',
  'another format': '{"keys":[]}',
  'another version': good.replace('ep1', 'ep2'),
  'cut by one character': good.slice(0, -1),
  'longer by one character': `${good}A`,
  'a newline at the end': `${good}\n`,
  'without its length': good.replace(/^ep1 \d+/, 'ep1'),
};

/** Texts by name, as requests refer to them. */
export const stateTexts: Record<string, string> = {
  ...Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, stateText(content)])),
  'cut by one character': malformed['cut by one character'] as string,
  'another version': malformed['another version'] as string,
};

export const state: StateFile = {
  version: 1,
  states: Object.entries(contents).map(([name, content]) => ({ name, text: stateText(content), content })),
  malformed: Object.entries(malformed).map(([name, text]) => ({ name, text })),
};
