/**
 * The template files of one run: read and checked once, and parsed once for each way their branches can go.
 * All environments share it; nothing of an environment is kept in it but parsed text without values.
 */
import type { Json } from '../modules/contract.ts';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import { type ParsedYaml, parseCfnYaml } from './cfn-yaml/parse.ts';
import { parseTemplate, type Rendering, runTemplate } from './engine.ts';
import { fill } from './fill.ts';
import type { Format, StackContext } from './format.ts';
import type { TemplateLint } from './lint-log.ts';
import { memo } from './memo.ts';
import { lintTemplate } from './template-lint.ts';

export interface Template extends TemplateLint {
  file: string;
  /** Renders and parses; only for a template without diagnostics. */
  render(args: { view: Json; format: Format; context: StackContext }): RenderedTemplate;
}

export interface RenderedTemplate {
  value: Json | undefined;
  diagnostics: Diagnostic[];
  /** Where maps and lists of `value` stand in the template file. */
  places: WeakMap<object, Place>;
}

export interface TemplateLibrary {
  get(file: string): Template;
}

/** A library that reads template files with `readText`, which throws when there is no such file. */
export function templateLibrary(readText: (file: string) => string): TemplateLibrary {
  const templates = new Map<string, Template>();
  return {
    get: (file) => memo(templates, { key: file, make: () => load(file, readText) }),
  };
}

function load(file: string, readText: (file: string) => string): Template {
  let text = '';
  try {
    text = readText(file);
    const tree = parseTemplate(text);
    const lint = lintTemplate({ tree, file, text });
    return { file, ...lint, render: renderer({ file, text, tree }) };
  } catch (error) {
    const diagnostic = unreadable(error, file);
    const render = () => ({ value: undefined, diagnostics: [], places: new WeakMap<object, Place>() });
    return { file, diagnostics: [diagnostic], names: [], ids: [], render };
  }
}

function unreadable(error: unknown, file: string): Diagnostic {
  const text = error instanceof Error ? error.message : String(error);
  const [, line] = /on line (\d+)/.exec(text) ?? / - (\d+):\d+$/.exec(text) ?? [];
  const message = text.split('\n').at(-1) ?? text;
  const hint = text.includes('CLOSE_UNESCAPED')
    ? 'Put a blank between }} and the } of the YAML map: {Name: {{json name}} }.'
    : 'Check the braces and the block tags.';
  return { code: 'EP4001', severity: 'error', message, hint, place: { file, ...(line && { line: Number(line) }) } };
}

function renderer({ file, text, tree }: { file: string; text: string; tree: hbs.AST.Program }): Template['render'] {
  const sourceLines = text.split('\n');
  const parsed = new Map<string, ParsedYaml>();
  return (args) => {
    const rendering = runTemplate(tree, args);
    const make = () => parseRendering({ rendering, file, sourceLines });
    const skeleton = memo(parsed, { key: rendering.text, make });
    const { places } = skeleton;
    if (skeleton.value === undefined) return { value: undefined, diagnostics: skeleton.diagnostics, places };
    const filled = fill({ skeleton: skeleton.value, values: rendering.values, places });
    return { value: filled.value, diagnostics: [...skeleton.diagnostics, ...filled.diagnostics], places };
  };
}

function parseRendering(args: { rendering: Rendering; file: string; sourceLines: string[] }): ParsedYaml {
  const { rendering, file, sourceLines } = args;
  const { text, lines } = rendering;
  const rendered = text.split('\n');
  return parseCfnYaml(text, (renderedLine, renderedColumn) => {
    const line = lines[renderedLine - 1] ?? 1;
    const sourceLine = sourceLines[line - 1] ?? '';
    // A column holds only when nothing was inserted in front of it.
    const before = (rendered[renderedLine - 1] ?? '').slice(0, renderedColumn - 1);
    return { file, line, ...(sourceLine.startsWith(before) && { column: renderedColumn }), sourceLine };
  });
}
