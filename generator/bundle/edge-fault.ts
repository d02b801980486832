/** Faults of an edge function's text, and the rules that find them. */
import type { AnyNode } from 'acorn';

/** One id for each rule; every rule has a diagnostic code (`edge-diagnostics.ts`). */
export type EdgeRule =
  | 'size'
  | 'ascii'
  | 'syntax'
  | 'handler'
  | 'module'
  | 'feature'
  | 'async'
  | 'await'
  | 'regexp'
  | 'global'
  | 'member'
  | 'console'
  | 'placeholder'
  | 'secret';

/** A reason not to ship a text. `line` and `column` count from 1 and are places in the emitted text. */
export interface EdgeFault {
  rule: EdgeRule;
  message: string;
  hint: string;
  line: number;
  column: number;
}

/** What a check of one node reports; the place is the node's unless `at` says otherwise. */
export interface Finding {
  rule: EdgeRule;
  message: string;
  hint: string;
  at?: AnyNode;
}

/** A check sees a node and those around it, outermost first, itself last. */
export type Check = (node: AnyNode, ancestors: readonly AnyNode[]) => Finding[];
