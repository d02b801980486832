/**
 * The recipe for a CloudFront Function: one ASCII text in the language of `cloudfront-js-2.0`, with a top-level `handler`
 * and imports of the runtime's modules only. Settings stay out of it until `fillSettings`, so that one bundle serves
 * every environment with the same flags.
 */
import { dirname } from 'node:path';
import { type ExportNamedDeclaration, type Node, type Program, parse } from 'acorn';
import { full } from 'acorn-walk';
import type { BuildOptions } from 'esbuild';
import { arrowFunctions } from './edge-arrows.ts';
import { inputsOf } from './lambda.ts';

/** The identifier that the settings literal takes the place of. */
const PLACEHOLDER = 'SETTINGS';

export interface EdgeRecipe {
  /** File that exports `handler`; absolute. */
  entry: string;
  /** Compile-time constants, `FLAG_<name>` in the code. */
  flags: Readonly<Record<string, boolean>>;
}

/** A replacement in a text: what stands from `start` to `end` becomes `text`. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

function applyEdits(text: string, edits: Edit[]): string {
  let result = text;
  // From the end, so that positions of the others stay right.
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  return result;
}

function parseModule(text: string): Program {
  return parse(text, { ecmaVersion: 2022, sourceType: 'module' });
}

/** Places where an identifier stands for a variable (not for the name of a member). */
function usesOf(program: Program, name: string): Node[] {
  const uses = new Set<Node>();
  full(program, (node) => {
    if (node.type === 'Identifier' && 'name' in node && node.name === name) uses.add(node);
  });
  return [...uses];
}

/** esbuild leaves imports where their module was; the runtime wants them in front. */
function hoistImports(text: string): string {
  const imports = parseModule(text).body.filter((node) => node.type === 'ImportDeclaration');
  const rest = applyEdits(
    text,
    imports.map(({ start, end }) => ({ start, end, text: '' })),
  );
  return imports.map(({ start, end }) => text.slice(start, end)).join('') + rest;
}

/** esbuild exports the handler under a short name; the runtime wants a top-level function called `handler`. */
function exposeHandler(text: string): string {
  const program = parseModule(text);
  const exports = program.body.filter((node) => node.type.startsWith('Export'));
  const [statement] = exports as [ExportNamedDeclaration];
  const specifier = statement?.specifiers?.[0];
  if (
    exports.length !== 1 ||
    statement.type !== 'ExportNamedDeclaration' ||
    statement.specifiers.length !== 1 ||
    specifier?.local.type !== 'Identifier' ||
    specifier.exported.type !== 'Identifier' ||
    specifier.exported.name !== 'handler'
  ) {
    throw new Error('an edge function must export "handler" and nothing else');
  }
  if (usesOf(program, 'handler').length > 0 && specifier.local.name !== 'handler') {
    throw new Error('an edge function has another "handler" beside the exported one');
  }
  const edits: Edit[] = [{ start: statement.start, end: statement.end, text: '' }];
  for (const use of usesOf(program, specifier.local.name)) {
    // The specifier goes with its statement.
    if (use.start < statement.start || use.start >= statement.end)
      edits.push({ start: use.start, end: use.end, text: 'handler' });
  }
  // esbuild leaves the import of each source file where that file begins; the runtime documents them on the first lines.
  const imports = program.body.filter((node) => node.type === 'ImportDeclaration');
  for (const node of imports) edits.push({ start: node.start, end: node.end, text: '' });
  const head = imports.map((node) => text.slice(node.start, node.end).replace(/;?$/, ';')).join('');
  return head + applyEdits(text, edits).replace(/^;+/, '');
}

function shorten(text: string): string {
  return arrowFunctions(text, parseModule(text));
}

/**
 * Syntax that the runtime does not know fails the build: target ES5 plus the listed extras makes esbuild report what it
 * would have to rewrite.
 */
const EDGE_OPTIONS = {
  bundle: true,
  write: false as const,
  metafile: true as const,
  format: 'esm',
  platform: 'neutral',
  target: 'es5',
  supported: { 'const-and-let': true, arrow: true, 'async-await': true, 'template-literal': true },
  // The runtime knows its modules without the `node:` in front.
  alias: { 'node:crypto': 'crypto' },
  external: ['cloudfront', 'crypto'],
  minify: true,
  treeShaking: true,
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'silent',
  // A tsconfig.json above the source, of whoever builds, must not change the output.
  tsconfigRaw: {},
} satisfies BuildOptions;

/** What a build gives: the text with the settings placeholder still in it, and the absolute paths of all files read. */
export interface EdgeBundle {
  text: string;
  inputs: string[];
}

/** Bundles an edge function. Throws esbuild's BuildFailure where the code cannot be bundled for the runtime. */
export async function bundleEdge(recipe: EdgeRecipe): Promise<EdgeBundle> {
  const define = Object.fromEntries(Object.entries(recipe.flags).map(([name, on]) => [`FLAG_${name}`, String(on)]));
  const absWorkingDir = dirname(recipe.entry);
  // Loading esbuild takes longer than everything else in a run that finds its bundles in the cache.
  const { build } = await import('esbuild');
  const result = await build({ ...EDGE_OPTIONS, absWorkingDir, entryPoints: [recipe.entry], define });
  return {
    text: shorten(hoistImports(exposeHandler((result.outputFiles[0]?.text ?? '').trimEnd()))),
    inputs: inputsOf(result.metafile, absWorkingDir),
  };
}

/** JSON that may stand anywhere in a script: ASCII only, and nothing that could close an element around it. */
function scriptJson(value: unknown): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^\x20-\x7e]|<(?=\/)/g, escaped);
}

/**
 * Puts the settings in place of the placeholder, which must stand exactly once: a second one would double the literal,
 * and none means that the entry takes no settings. A word of that name anywhere else counts too, so that no search
 * through the syntax is needed here, where every environment passes.
 */
export function fillSettings(text: string, settings: unknown): string {
  const parts = text.split(/\bSETTINGS\b/);
  if (parts.length !== 2)
    throw new Error(`an edge function must use ${PLACEHOLDER} once, not ${parts.length - 1} times`);
  return parts.join(scriptJson(settings));
}
