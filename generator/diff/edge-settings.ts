/** Takes the settings out of the text of an edge function, so that a changed setting does not look like changed code. */
import { type Node, parse } from 'acorn';
import { simple } from 'acorn-walk';
import type { Json } from '../modules/contract.ts';

/** The text with its settings replaced by a word; without settings when the text has none. */
export interface SplitText {
  code: string;
  settings: Json | undefined;
}

/**
 * Settings enter the text as one JSON literal after minifying. Minified code writes `{a:1}` and never `{"a":1}`, so the
 * longest map that is JSON is what was inserted.
 */
export function splitSettings(text: string): SplitText {
  let longest: Node | undefined;
  try {
    const consider = (node: Node): void => {
      const length = node.end - node.start;
      if (length <= '{}'.length || (longest !== undefined && longest.end - longest.start >= length)) return;
      if (json(text.slice(node.start, node.end)) !== undefined) longest = node;
    };
    const program = parse(text, { ecmaVersion: 2022, sourceType: 'module' });
    simple(program, { ObjectExpression: consider });
  } catch {
    // A text of an older edgepass, or one edited by hand: then it is code as a whole.
  }
  if (longest === undefined) return { code: text, settings: undefined };
  const { start, end } = longest;
  return { code: `${text.slice(0, start)}SETTINGS${text.slice(end)}`, settings: json(text.slice(start, end)) };
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
