/** What the bundle stage hands to render and write. */
export interface Bundle {
  /** Id of the planned function, `<module>.<function>`. */
  id: string;
  kind: 'lambda' | 'edge-function';
  /** What is shipped: the function text (UTF-8) of an edge function, the zip of a Lambda function. */
  bytes: Uint8Array;
  /** SHA-256 of `bytes`, lower-case hex. */
  sha256: string;
  /** File name in the output folder, e.g. `base.validator.js`. */
  file: string;
}
