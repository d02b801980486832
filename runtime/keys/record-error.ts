/**
 * A key record or issuer record that is not what its schema and the rules beside it demand. The message names members and
 * key ids, never a value of `sign` or `bind`, nor any part of a text that could not be read.
 */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code = 'record_invalid';
}
