/** Boxes of ISO media files (ISO/IEC 14496-12, 4.2): four bytes of size, four of type, content. */

export interface Box {
  type: string;
  /** Where the box begins and ends, and where its content begins. */
  start: number;
  body: number;
  end: number;
}

/** The boxes that stand side by side between two positions. Throws where one is cut off. */
export function boxesOf(data: Buffer, from = 0, to = data.length): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start < to; ) {
    const size = data.readUInt32BE(start);
    const end = start + size;
    // Sizes of 64 bits and "until the end" are for files that are larger than ours.
    if (size < 8 || end > to) throw new Error(`a box of ${size} bytes at ${start}`);
    boxes.push({ type: data.toString('latin1', start + 4, start + 8), start, body: start + 8, end });
    start = end;
  }
  return boxes;
}

/** The first box at the end of a path of types, e.g. `moof`, `traf`, `tfdt`. Throws where there is none. */
export function findBox(data: Buffer, path: readonly string[], within: Pick<Box, 'body' | 'end'>): Box {
  const [type, ...rest] = path;
  const found = boxesOf(data, within.body, within.end).find((box) => box.type === type);
  if (found === undefined) throw new Error(`no box ${type}`);
  return rest.length === 0 ? found : findBox(data, rest, found);
}
