/** What the template lint collects, and where in the file a node of the syntax tree stands. */
import type { DiagnosticCode } from '../report/codes.ts';
import type { Diagnostic, Place } from '../report/diagnostic.ts';

/** A place where a template reads its view. */
export interface ViewReference {
  use: 'insert' | 'test' | 'each';
  /** Absolute path; `*` stands for every item of an `#each`. */
  path: string[];
  /** Paths known to hold something where the reference stands (`#if`). */
  guards: string[][];
  place: Place;
}

/** A place where a template names an output or a function. */
export interface IdReference {
  helper: 'output' | 'asset' | 'code';
  id: string;
  place: Place;
}

export interface TemplateLint {
  diagnostics: Diagnostic[];
  names: ViewReference[];
  ids: IdReference[];
}

/** Collects the findings and references of one template file. */
export class LintLog implements TemplateLint {
  readonly diagnostics: Diagnostic[] = [];
  readonly names: ViewReference[] = [];
  readonly ids: IdReference[] = [];
  readonly #file: string;
  readonly #lines: string[];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#lines = text.split('\n');
  }

  fault(node: hbs.AST.Node, says: { code: DiagnosticCode; message: string; hint: string }): void {
    this.diagnostics.push({ severity: 'error', ...says, place: this.placeOf(node) });
  }

  placeOf({ loc: { start, end } }: hbs.AST.Node): Place {
    const sourceLine = this.#lines[start.line - 1];
    const length = end.line === start.line ? end.column - start.column : 0;
    return {
      file: this.#file,
      line: start.line,
      column: start.column + 1,
      ...(length > 0 && { length }),
      ...(sourceLine !== undefined && { sourceLine }),
    };
  }
}
