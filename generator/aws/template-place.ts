/** Where in a generated template a resource stands, so that a failure in AWS leads to a line. */

/** Line of a logical id in the section `Resources` (or another one), from 1. */
export function lineOf(template: string, logicalId: string, section = 'Resources'): number | undefined {
  let inside = false;
  for (const [index, line] of template.split('\n').entries()) {
    if (/^\S/.test(line)) inside = line.startsWith(`${section}:`);
    else if (inside && /^ {2}\S/.test(line) && line.trim().replace(/^["']|["']?:.*$/g, '') === logicalId)
      return index + 1;
  }
  return undefined;
}

export type PlaceOf = (logicalId: string) => { file: string; line: number } | undefined;

/** `file` is how people find the template. */
export function placesIn(file: string, template: string): PlaceOf {
  return (logicalId) => {
    const line = lineOf(template, logicalId);
    return line === undefined ? undefined : { file, line };
  };
}
