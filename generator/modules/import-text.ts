/** Imports a self-contained ES module from its text. A data URL needs no file, and Node keeps one instance per content. */
export function importText(code: string): Promise<unknown> {
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
