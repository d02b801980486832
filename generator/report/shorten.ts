/** Makes a text fit into a limit by leaving out details, the least important ones first. Pure. */

export interface Block {
  /** Higher stays longer. */
  importance: number;
  /** From everything to the least, shorter each time; behind the last one comes nothing at all. */
  forms: readonly string[];
}

export interface Fitted {
  /** In the order of the blocks; `undefined` where nothing is left. */
  texts: (string | undefined)[];
  /** Blocks that are not in their first form. */
  shortened: number;
}

/** Every block is shortened before one of them is left out, the least important and among those the last one first. */
export function shorten(blocks: readonly Block[], room: number): Fitted {
  const forms = blocks.map(() => 0);
  let size = blocks.reduce((sum, { forms: [first = ''] }) => sum + first.length + 1, 0);
  const order = blocks
    .map((block, index) => ({ block, index }))
    .sort((a, b) => a.block.importance - b.block.importance || b.index - a.index);
  const most = Math.max(0, ...blocks.map((block) => block.forms.length));
  for (let form = 1; form <= most && size > room; form++)
    for (const { block, index } of order) {
      if (size <= room) break;
      const [old, next] = [forms[index] ?? 0, Math.min(form, block.forms.length)];
      size -= (block.forms[old]?.length ?? -1) - (block.forms[next]?.length ?? -1);
      forms[index] = next;
    }
  return {
    texts: blocks.map((block, index) => block.forms[forms[index] ?? 0]),
    shortened: forms.filter((form) => form > 0).length,
  };
}
