/** The parser of Handlebars alone: its package ships no types for the part, and the whole takes 25 ms more to load. */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  import type {} from 'handlebars';

  /** Parses a template and applies whitespace control. Throws on a syntax error. */
  export function parse(text: string): hbs.AST.Program;
}
