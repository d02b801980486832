/** Stage 1: text → syntax tree. Only what YAML itself can say is checked here. */
import { type Document, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { DiagnosticCode } from '../report/codes.ts';
import type { Diagnostic, Outcome, Place } from '../report/diagnostic.ts';
import { failed, outcome } from '../report/diagnostic.ts';

/** A configuration file as its author wrote it. */
export interface SourceDocument {
  file: string;
  text: string;
  document: Document;
  lines: LineCounter;
  /** The same content as plain data. */
  data: Readonly<Record<string, unknown>>;
}

/** 1 MiB: a hundred environments of the example are under 100 KiB; parsing more would only delay the message. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** Levels of nesting; config.yaml needs eight. Deeper input would only exhaust the stack of every later stage. */
const MAX_DEPTH = 32;

/** Reads `text`; `file` is the name shown in diagnostics. Every fault the parser finds is reported, not just the first. */
export function load(file: string, text: string): Outcome<SourceDocument> {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES)
    return failed(fault('EP1006', `${file} is larger than 1 MiB.`, { file }, 'Is it the right file?'));
  // Before parsing: where the parser's own stack runs out, V8 may abort the process instead of throwing.
  if (nestsWithoutEnd(text)) return failed(tooDeep({ file }));
  return parse(file, text);
}

/** Whether brackets, dashes or indentation go deeper than any parser's stack should be trusted with; quotes are left out. */
function nestsWithoutEnd(text: string): boolean {
  const limit = 6 * MAX_DEPTH;
  let open = 0;
  for (const line of text.split('\n')) {
    if (line.length > limit && (/^ *(?:[-?:][ \t]+)*/.exec(line)?.[0].length ?? 0) > limit) return true;
    for (const char of line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(^|\s)#.*$/g, '')) {
      if (char === '[' || char === '{') open += 1;
      else if ((char === ']' || char === '}') && open > 0) open -= 1;
      if (open > limit) return true;
    }
  }
  return false;
}

function parse(file: string, text: string): Outcome<SourceDocument> {
  if (/^\s*$/.test(text.replace(/^\s*#.*$/gm, '')))
    return failed(
      fault('EP1002', `${file} is empty.`, { file }, '`edgepass init` writes one; docs/start.md shows how.'),
    );
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, prettyErrors: false });
  const at = (start: number, end?: number): Place => placeOf({ file, text, lines }, start, end);
  const found = document.errors.map((error) => syntaxFault(error.code, error.message, at(...error.pos), text));
  if (found.length === 0) found.push(...forbidden(document, at));
  if (found.length > 0) return failed(...found);
  const data: unknown = document.toJS({ maxAliasCount: 0 });
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return failed(
      fault(
        'EP1007',
        'The top level must be a map of keys such as `project:`.',
        at(0, 1),
        'Start with `project: my-project`.',
      ),
    );
  return outcome({ file, text, document, lines, data: data as Record<string, unknown> });
}

/** Place of the characters `start`–`end` of a text, cut at the end of the line. */
export function placeOf(
  source: Pick<SourceDocument, 'file' | 'text' | 'lines'>,
  start: number,
  end = start + 1,
): Place {
  const { line, col } = source.lines.linePos(start);
  const lineStart = start - (col - 1);
  const newline = source.text.indexOf('\n', lineStart);
  const sourceLine = source.text.slice(lineStart, newline < 0 ? undefined : newline).replace(/\r$/, '');
  const length = Math.max(1, Math.min(end - start, sourceLine.length - (col - 1)));
  return { file: source.file, line, column: col, length, sourceLine };
}

function fault(code: DiagnosticCode, message: string, place: Place, hint: string): Diagnostic {
  return { code, severity: 'error', message, hint, place };
}

function syntaxFault(parserCode: string, message: string, place: Place, text: string): Diagnostic {
  if (parserCode === 'DUPLICATE_KEY')
    return fault('EP1004', 'This key is stated twice.', place, 'Keep one of them, or merge their contents.');
  if (parserCode === 'MULTIPLE_DOCS')
    return fault('EP1005', 'The file holds more than one YAML document.', place, 'Remove the `---` line.');
  const tab = place.sourceLine !== undefined && /^\s*\t/.test(place.sourceLine);
  if (parserCode === 'TAB_AS_INDENT' || tab)
    return fault(
      'EP1003',
      'A tab is used for indentation; YAML allows spaces only.',
      place,
      'Replace each tab by two spaces.',
    );
  const hint = text.includes('\t')
    ? 'Look for tabs: YAML allows spaces only.'
    : 'Check the indentation and the quotes on this line and the one above.';
  return fault('EP1003', `Not valid YAML: ${message.replace(/\.?$/, '.')}`, place, hint);
}

function tooDeep(place: Place): Diagnostic {
  return fault('EP1003', `Nested deeper than ${MAX_DEPTH} levels.`, place, 'Is it the right file?');
}

/** Aliases and tags would let a value stand in a place where no reader (and no diagnostic) finds it. */
function forbidden(document: Document, at: (start: number, end?: number) => Place): Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (node: Node, what: string): void => {
    const [start = 0, end = start + 1] = node.range ?? [];
    found.push(
      fault(
        'EP1005',
        `${what} is not allowed in config.yaml.`,
        at(start, end),
        'Write the value out; environments inherit from the top level anyway.',
      ),
    );
  };
  visit(document, {
    Pair: (_key, pair) => {
      if (!isScalar(pair.key)) refuse(pair.key as Node, 'A key that is not a plain word');
    },
    Alias: (_key, node) => refuse(node, 'An alias'),
    Node: (_key, node, path) => {
      if ('anchor' in node && node.anchor !== undefined) refuse(node, `The anchor &${node.anchor}`);
      else if (node.tag?.startsWith('!')) refuse(node, `The tag ${node.tag}`);
      if (path.length <= 2 * MAX_DEPTH) return undefined;
      found.push(tooDeep(at(node.range?.[0] ?? 0)));
      return visit.BREAK;
    },
  });
  return found;
}
