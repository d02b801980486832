/**
 * The events that the function `keys` gets from its workflow: one step each. What a person has typed comes as it was typed, so
 * everything is looked at before anything is done.
 */
import { isFull, isLive, signingKey } from '../keys/rotation.ts';
import { isKid } from '../token/protected-header.ts';
import { type Keeper, type Kept, kill, look, override, prepare, remove, sign, voidBefore } from './key-steps.ts';
import { KeysRefusal } from './keys-refusal.ts';

export interface KeysEvent {
  /** Without one the command is the step: `list`, `kill`, `void` and `mode` are handed on as they were typed. */
  step?: string;
  /** `rotate`: a key is to be replaced whether it is due or not. */
  command?: string;
  /** `sign`: the key that is to be replaced. `kill`: the key that is to go. */
  kid?: string;
  /** `void`: seconds since 1970. */
  before?: number;
  /** `mode`: `enforce` and `report` with an end, or `off`: as configured. */
  mode?: string;
  until?: number;
}

const STEPS: Readonly<Record<string, (keeper: Keeper, event: KeysEvent) => Promise<Kept>>> = {
  prepare: async (keeper, { command }) => {
    const kept = await prepare(keeper);
    if (command === 'rotate' && isFull(kept.record))
      throw new KeysRefusal(
        'too_many_keys',
        'All five keys are live; none is taken away before its tokens have expired.',
      );
    return kept;
  },
  sign: (keeper, { kid }) => sign(keeper, kid),
  remove,
  list: look,
  kill: (keeper, { kid }) => {
    // Whatever else was typed there is not quoted.
    if (typeof kid !== 'string' || !isKid(kid))
      throw new KeysRefusal('command_unknown', '`kid` must be the id of a key.');
    return kill(keeper, kid);
  },
  void: (keeper, { before }) => voidBefore(keeper, time(before, 'before')),
  mode: (keeper, { mode, until }) => {
    if (mode === 'off') return override(keeper, undefined);
    if (mode !== 'enforce' && mode !== 'report')
      throw new KeysRefusal('command_unknown', '`mode` must be enforce, report or off.');
    return override(keeper, { mode, until: time(until, 'until') });
  },
};

/** Does a step. Throws a refusal, a `RecordError`, a `ConflictError`, or what AWS answered. */
export async function runStep(keeper: Keeper, event: KeysEvent): Promise<Kept> {
  const name = stepOf(event);
  const step = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (step === undefined) throw new KeysRefusal('command_unknown', '`step` is none that this version knows.');
  return step(keeper, event);
}

/** Name of the step that an event asks for, for logs: whatever else was typed there becomes `unknown`. */
export function stepName(event: KeysEvent): string {
  const name = stepOf(event);
  return Object.hasOwn(STEPS, name) ? name : 'unknown';
}

function stepOf({ step, command }: KeysEvent): string {
  return String(step ?? command ?? '');
}

/** Whether a rotation that is due or wanted cannot take place, because all five keys are live. */
export function isStuck({ record }: Kept, due: boolean): boolean {
  return due && signingKey(record) !== undefined && isFull(record) && record.keys.some(isLive);
}

function time(value: unknown, name: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9_999_999_999) return value as number;
  throw new KeysRefusal('command_unknown', `\`${name}\` must be a whole number of seconds since 1970.`);
}
