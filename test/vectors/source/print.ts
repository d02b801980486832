/** JSON in the layout that the repository's formatter keeps: what fits on a line stands on one. */
const WIDTH = 120;

type Rest = { indent: string; room: number };

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

function flat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (!isNested(value)) return JSON.stringify(value);
  const members = Object.entries(value as object).map(([name, member]) => `${JSON.stringify(name)}: ${flat(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function text(value: unknown, { indent, room }: Rest): string {
  if (!isNested(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const entries = Object.entries(value as object);
  // Lists of pairs may stand on a line; of objects only those whose members are plain.
  const isFlat = isList
    ? !value.some((item) => isNested(item) && !Array.isArray(item))
    : !entries.some(([, member]) => isNested(member));
  const line = flat(value);
  if (isFlat && line.length <= room) return line;
  const lines = entries.map(([name, member]) => {
    const label = isList ? '' : `${JSON.stringify(name)}: `;
    return `${inner}${label}${text(member, { indent: inner, room: WIDTH - inner.length - label.length - 1 })}`;
  });
  return `${isList ? '[' : '{'}\n${lines.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}

/** The text of a published file. */
export function print(value: unknown): string {
  return `${text(JSON.parse(JSON.stringify(value)), { indent: '', room: 0 })}\n`;
}
