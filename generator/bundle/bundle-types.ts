/** What the bundle stage hands to render and write. */
export interface Bundle {
  /** Id of the planned function, `<module>.<function>`. */
  id: string;
  kind: 'lambda' | 'edge-function' | 'site';
  /** What is shipped: the function text (UTF-8) of an edge function, the zip of a Lambda function or a site. */
  bytes: Uint8Array;
  /** SHA-256 of `bytes`, lower-case hex. */
  sha256: string;
  /** File name in the output folder, e.g. `base.validator.js`. */
  file: string;
}

/** Whether a bundle is a zip in the artifact bucket; the text of an edge function stands in the template. */
export function isPackaged(kind: Bundle['kind']): boolean {
  return kind !== 'edge-function';
}
