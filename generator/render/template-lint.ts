/**
 * Checks the syntax tree of a template: only the eight helpers, each with one argument of its kind; nothing else of
 * Handlebars, and so no way to print text that is not JSON. What it finds about names of the view is
 * returned as references and checked per environment (template-names.ts).
 */
import { writtenArgument } from './engine.ts';
import { BLOCKS, HELPERS, type HelperName } from './helpers.ts';
import { LintLog, type TemplateLint } from './lint-log.ts';
import { refer, type Where } from './lint-scope.ts';

const EXAMPLES = { 'view path in quotes': "'origin.domain'", 'id in quotes': "'base.name'", name: 'origin.domain' };

/** Checks one template. */
export function lintTemplate({
  tree,
  file,
  text,
}: {
  tree: hbs.AST.Program;
  file: string;
  text: string;
}): TemplateLint {
  const log = new LintLog(file, text);
  lintProgram(tree, { log, scopes: [], guards: [] });
  return log;
}

function lintProgram(program: hbs.AST.Program, where: Where): void {
  for (const node of program.body) {
    if (node.type === 'MustacheStatement') lintInsert(node as hbs.AST.MustacheStatement, where);
    else if (node.type === 'BlockStatement') lintBlock(node as hbs.AST.BlockStatement, where);
    else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement') {
      // Partials would hide text from this check; decorators would change the engine.
      const hint = 'Write the text out, or move the choice into view().';
      where.log.fault(node, { code: 'EP4002', message: `${node.type} is not allowed in a template`, hint });
    }
  }
}

function lintInsert(node: hbs.AST.MustacheStatement, where: Where): void {
  const name = helperName(node.path);
  if (!node.escaped) {
    const hint = 'Write two braces: every value enters as JSON anyway.';
    where.log.fault(node, { code: 'EP4002', message: 'Three braces are not allowed', hint });
  } else if (!name || BLOCKS.includes(name)) {
    const written = 'original' in node.path ? String(node.path.original) : '…';
    const hint =
      node.params.length === 0
        ? `Write {{json ${written}}} or {{value '${written}'}}.`
        : `The helpers are ${Object.keys(HELPERS).join(', ')}.`;
    where.log.fault(node, { code: 'EP4002', message: `{{${written}}} does not go through a helper`, hint });
  } else if (isWellFormed(node, { name, where })) {
    const written = writtenArgument(node);
    if (name === 'output' || name === 'asset' || name === 'code') {
      where.log.ids.push({ helper: name, id: written, place: where.log.placeOf(node) });
    } else {
      refer({ use: 'insert', written, node, where });
    }
  }
}

function lintBlock(node: hbs.AST.BlockStatement, where: Where): void {
  const name = helperName(node.path);
  if (!name || !BLOCKS.includes(name)) {
    const hint = 'The blocks are #if, #unless and #each, with {{else}}.';
    where.log.fault(node, { code: 'EP4002', message: `{{#${node.path.original}}} is not allowed`, hint });
    return;
  }
  // Handlebars has no program for {{^if x}}, whatever its types say.
  const program = node.program as hbs.AST.Program | undefined;
  if (!program) {
    where.log.fault(node, {
      code: 'EP4002',
      message: `{{^${name}}} is not allowed`,
      hint: 'Write {{#unless}}, or {{else}}.',
    });
    return;
  }
  if (program.blockParams?.length) {
    const hint = 'Inside #each, name the members of the item directly.';
    where.log.fault(node, { code: 'EP4002', message: 'Block parameters (as |name|) are not allowed', hint });
  }
  if (!isWellFormed(node, { name, where })) return;
  const use = name === 'each' ? 'each' : 'test';
  const path = refer({ use, written: writtenArgument(node), node: node.params[0] ?? node, where });
  const held = path ? { ...where, guards: [...where.guards, path] } : where;
  const inItem = path ? { ...where, scopes: [...where.scopes, [...path, '*']] } : where;
  lintProgram(program, name === 'each' ? inItem : name === 'if' ? held : where);
  if (node.inverse) lintProgram(node.inverse, name === 'unless' ? held : where);
}

/** One argument of the right kind, no hash, no whitespace control. */
function isWellFormed(
  node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement,
  { name, where }: { name: HelperName; where: Where },
): boolean {
  const strips = 'strip' in node ? [node.strip] : [node.openStrip, node.closeStrip, node.inverseStrip];
  if (strips.some((strip) => strip?.open || strip?.close)) {
    const hint = 'Put the block tag on a line of its own: it leaves no line behind.';
    where.log.fault(node, { code: 'EP4002', message: 'Whitespace control (~) is not allowed', hint });
  }
  const kind = HELPERS[name];
  const wanted = kind === 'name' ? 'PathExpression' : 'StringLiteral';
  if (node.params.length === 1 && node.params[0]?.type === wanted && !node.hash) return true;
  where.log.fault(node, {
    code: 'EP4003',
    message: `${name} takes one argument: a ${kind}`,
    hint: `Write ${name} ${EXAMPLES[kind]}.`,
  });
  return false;
}

function helperName(path: hbs.AST.PathExpression | hbs.AST.Literal): HelperName | undefined {
  const name = 'original' in path ? String(path.original) : '';
  return path.type === 'PathExpression' && Object.hasOwn(HELPERS, name) ? (name as HelperName) : undefined;
}
