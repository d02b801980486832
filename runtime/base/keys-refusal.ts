/**
 * Why nothing was done to the keys, by code. None of these goes away by itself, so the workflow does not try again; but
 * `spare_not_known_everywhere`, which it waits for. A test holds its list of names to this one.
 */
export const KEYS_REFUSALS = [
  /** The event asks for something that is unknown, or says it in a form that is not understood. */
  'command_unknown',
  /** `kill`: no key has that id. */
  'key_not_found',
  /** There is no key record: the first deployment has not made it, or somebody took it away. */
  'record_missing',
  /** The key record is that of another project or environment. */
  'record_of_another',
  /** A rotation is wanted, but some edge location may not know the next key yet. */
  'spare_not_known_everywhere',
  /** `void`: only tokens issued until now can be made void. */
  'time_in_future',
  /** `mode`: its end has passed. */
  'time_in_past',
  /** A rotation is wanted, but five keys are live; none is taken away before its tokens have expired. */
  'too_many_keys',
] as const;

export type KeysRefusalCode = (typeof KEYS_REFUSALS)[number];

/** The message names ids and times, never a key. */
export class KeysRefusal extends Error {
  override readonly name: string;
  readonly code: KeysRefusalCode;

  constructor(code: KeysRefusalCode, message: string) {
    super(message);
    this.code = code;
    // The workflow tells errors apart by their names.
    this.name = `KeysRefusal.${code}`;
  }
}
