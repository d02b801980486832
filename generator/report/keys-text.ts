/** Keys of an environment, for people at a terminal. Ids, states and times; a key itself never comes this far. */
import pc from 'picocolors';
import type { KeyRow, KeysAnswer } from '../aws/keys-answer.ts';
import { columns } from './columns.ts';
import { duration, relative, utc } from './time-text.ts';

export interface KeysText {
  environment: string;
  /** Seconds since 1970. */
  now: number;
  color: boolean;
}

/** A table of the keys that are live, and what holds for all of them. Ends with a newline. */
export function printKeys(answer: KeysAnswer, { environment, now, color }: KeysText): string {
  const paint = pc.createColors(color);
  const live = answer.keys.filter(({ state }) => state !== 'gone');
  const head = ['key', 'state', 'age', 'signs from', 'signs until', 'leaves the edge'];
  const [title = '', ...lines] = columns([head, ...live.map((key) => row(key, now))]).split('\n');
  return [
    paint.bold(environment),
    ...(live.length === 0 ? ['no live key: nothing can be signed'] : [paint.dim(title), ...lines.slice(0, -1)]),
    ...facts(answer, now).map(([name, text]) => `${paint.dim(name)} ${text}`),
    '',
  ].join('\n');
}

function row({ kid, state, created, published, signFrom, signUntil, keepUntil }: KeyRow, now: number): string[] {
  const from =
    state === 'spare' ? (published === undefined ? 'not at the edge yet' : 'when it is needed') : time(signFrom);
  return [kid, state, duration(Math.max(0, now - created)), from, time(signUntil), time(keepUntil)];
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '-' : utc(seconds);
}

function facts({ dueFrom, voidBefore, mode }: KeysAnswer, now: number): [name: string, text: string][] {
  const due =
    dueFrom <= now ? 'due now: the workflow rotates within the hour' : `${utc(dueFrom)} (${relative(dueFrom, now)})`;
  return [
    ['next rotation', dueFrom === 0 ? 'none while no key signs' : due],
    ['void before', voidBefore === 0 ? 'nothing' : `${utc(voidBefore)} (${relative(voidBefore, now)})`],
    ['mode', modeText(mode, now)],
  ];
}

/** Which key signs, or from when on one will. */
export function signsText({ keys, signing }: KeysAnswer, now: number): string {
  const from = keys.find(({ kid }) => kid === signing)?.signFrom;
  if (from === undefined) return 'No key signs yet.';
  return from <= now ? `Key ${signing} signs.` : `Key ${signing} signs from ${utc(from)} (${relative(from, now)}).`;
}

/** An override that has ended is still on record until the next one. */
export function modeText(mode: KeysAnswer['mode'], now: number): string {
  if (mode === undefined || mode.until <= now) return 'as configured';
  return `${mode.mode} until ${utc(mode.until)} (${relative(mode.until, now)})`;
}
