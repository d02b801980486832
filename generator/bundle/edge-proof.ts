/**
 * Proves that a text may be shipped as a CloudFront Function. Bundlers do not know this runtime: they rename `handler`, add exports,
 * inline `await` and use newer syntax, and AWS tells only when the function runs. So the emitted text is what is checked.
 */
import { type Comment, type Program, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import { checkAwait } from './edge-await.ts';
import type { Check, EdgeFault, Finding } from './edge-fault.ts';
import { checkModule } from './edge-module.ts';
import { checkNames } from './edge-names.ts';
import { MAX_EDGE_BYTES } from './edge-runtime.ts';
import { scopesOf } from './edge-scope.ts';
import { checkComment, checkLiterals } from './edge-secrets.ts';
import { checkSyntax } from './edge-syntax.ts';

export type { EdgeFault, EdgeRule } from './edge-fault.ts';

/** All reasons not to ship `text`, in order of place; none means it is proved. */
export function proveEdge(text: string): EdgeFault[] {
  const comments: Comment[] = [];
  const placed = (finding: Finding, offset: number): EdgeFault => ({
    rule: finding.rule,
    message: finding.message,
    hint: finding.hint,
    ...placeAt(text, offset),
  });
  const faults = checkBytes(text).map(({ offset, ...finding }) => placed(finding, offset));
  const parsed = read(text, comments);
  if ('fault' in parsed) return [...faults, placed(parsed.fault, parsed.offset)];

  const { program } = parsed;
  const checks: Check[] = [checkSyntax, checkAwait, checkNames(scopesOf(program)), checkLiterals];
  const offsets = new Map<Finding, number>();
  const note = (found: Finding[], fallback: number): void => {
    for (const finding of found) offsets.set(finding, finding.at?.start ?? fallback);
  };
  note(checkModule(program), 0);
  fullAncestor(program, (node, _state, ancestors) => {
    for (const check of checks) note(check(node, ancestors), node.start);
  });
  for (const comment of comments) note(checkComment(comment.value), comment.start);
  const found = [...offsets].sort(([, a], [, b]) => a - b);
  return unique([...faults, ...found.map(([finding, offset]) => placed(finding, offset))]);
}

/** The version is fixed: a new acorn must not make us accept syntax that was refused before. */
function read(text: string, onComment: Comment[]): { program: Program } | { fault: Finding; offset: number } {
  try {
    return {
      program: parse(text, {
        ecmaVersion: 2024,
        sourceType: 'module',
        allowHashBang: false,
        allowAwaitOutsideFunction: true,
        onComment,
      }),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    return {
      fault: {
        rule: 'syntax',
        message: `The text is not JavaScript: ${message}.`,
        hint: 'This is what the bundler emitted.',
      },
      offset,
    };
  }
}

/** Checks that need no syntax tree. */
function checkBytes(text: string): (Finding & { offset: number })[] {
  const found: (Finding & { offset: number })[] = [];
  const size = Buffer.byteLength(text);
  if (size > MAX_EDGE_BYTES)
    found.push({
      rule: 'size',
      message: `The function has ${size} bytes; CloudFront allows ${MAX_EDGE_BYTES}.`,
      hint: 'Put paths that are treated alike into one stream, shorten lists, or switch checks off that you do not need.',
      offset: 0,
    });
  // Tools on the way (templates, consoles, diffs) disagree about encodings; ASCII reads the same in all of them.
  const odd = text.search(/[^\t\n\r\x20-\x7e]/);
  if (odd >= 0)
    found.push({
      rule: 'ascii',
      message: 'The text has a character outside ASCII.',
      hint: 'Escape it as \\uXXXX.',
      offset: odd,
    });
  return found;
}

/** Nested syntax can break one rule at one place twice. */
function unique(faults: EdgeFault[]): EdgeFault[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const key = `${fault.rule}|${fault.line}|${fault.column}|${fault.message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
