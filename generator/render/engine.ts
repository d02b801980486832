/**
 * Runs templates. Handlebars parses them; since the lint admits eight helpers with one argument each and nothing else,
 * running a tree takes a page and needs no compiled code (which costs 40 ms a template at start). It is stricter than
 * Handlebars' own strict mode, and knows for each line of output the line of the template that it comes from. A test
 * compares it with Handlebars itself.
 */
import { parse } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import type { Json } from '../modules/contract.ts';
import type { Format, StackContext } from './format.ts';
import { type BlockName, INSERTS, type InsertName } from './helpers.ts';
import { Inserts } from './inserts.ts';
import { descend, itemScopes, type Scope } from './view-path.ts';

export interface Rendering {
  /** The text, with marks in place of inserted values. */
  text: string;
  /** The inserted values, by number of their mark. */
  values: Json[];
  /** For each line of the text (from 0) the line of the template (from 1). */
  lines: number[];
}

interface RunArgs {
  view: Json;
  format: Format;
  context: StackContext;
}

/** Syntax tree of a template, with whitespace control applied. Throws on a syntax error. */
export function parseTemplate(text: string): hbs.AST.Program {
  return parse(text);
}

/** Runs a tree that has passed the lint. */
export function runTemplate(tree: hbs.AST.Program, { view, format, context }: RunArgs): Rendering {
  const inserts = new Inserts();
  const pieces: string[] = [];
  const lines = [1];
  let startsLine = true;

  const text = (node: hbs.AST.ContentStatement): void => {
    if (node.value === '') return;
    let line = firstLine(node);
    // Whatever stands first on a line says where the line comes from.
    if (startsLine) lines[lines.length - 1] = line;
    for (let at = node.value.indexOf('\n'); at !== -1; at = node.value.indexOf('\n', at + 1)) {
      line += 1;
      lines.push(line);
    }
    startsLine = node.value.endsWith('\n');
    pieces.push(node.value);
  };

  const insert = (node: hbs.AST.MustacheStatement, scope: Scope): void => {
    const name = (node.path as hbs.AST.PathExpression).original as InsertName;
    if (startsLine) lines[lines.length - 1] = node.loc.start.line;
    startsLine = false;
    pieces.push(inserts.add(INSERTS[name]({ argument: writtenArgument(node), scope, format, context })));
  };

  const block = (node: hbs.AST.BlockStatement, scope: Scope): void => {
    const name = node.path.original as BlockName;
    const subject = descend(scope, writtenArgument(node));
    const scopes =
      name === 'each' ? itemScopes(subject, scope) : isTruthy(subject.value) === (name === 'if') ? [scope] : [];
    for (const inner of scopes) program(node.program, inner);
    if (scopes.length === 0 && node.inverse) program(node.inverse, scope);
  };

  const program = ({ body }: hbs.AST.Program, scope: Scope): void => {
    for (const node of body) {
      if (node.type === 'ContentStatement') text(node as hbs.AST.ContentStatement);
      else if (node.type === 'MustacheStatement') insert(node as hbs.AST.MustacheStatement, scope);
      else if (node.type === 'BlockStatement') block(node as hbs.AST.BlockStatement, scope);
    }
  };

  program(tree, { value: view, path: '' });
  return { text: pieces.join(''), values: inserts.values, lines };
}

/** The argument of a helper as it stands in the template, quotes aside. */
export function writtenArgument({ params }: { params: hbs.AST.Expression[] }): string {
  const argument = params[0] as hbs.AST.PathExpression | hbs.AST.StringLiteral;
  return 'value' in argument ? argument.value : argument.original;
}

/** As Handlebars has it: an empty list is false, an empty map is true. */
function isTruthy(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Line of the template on which a content starts, after what whitespace control took from its front. */
function firstLine(node: hbs.AST.ContentStatement): number {
  // Handlebars types `original` as flags; at run time it is the text before whitespace control.
  const original = String(node.original);
  const skipped = original.slice(0, Math.max(0, original.indexOf(node.value)));
  return node.loc.start.line + skipped.split('\n').length - 1;
}
