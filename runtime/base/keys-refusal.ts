/** Why nothing was done to the keys. The message names ids and times, never a key. */
export type KeysRefusalCode =
  | 'command_unknown'
  | 'key_not_found'
  | 'record_missing'
  | 'record_of_another'
  | 'time_in_future'
  | 'time_in_past'
  | 'too_many_keys';

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
