/** The shape of a function's text: imports at the top, one `handler`, no export. */
import type { AnyNode, FunctionDeclaration, ImportDeclaration, Program } from 'acorn';
import type { Finding } from './edge-fault.ts';
import { IMPORTABLE } from './edge-runtime.ts';

const module = (message: string, hint: string, at: AnyNode): Finding => ({ rule: 'module', message, hint, at });
const handler = (message: string, hint: string, at: AnyNode): Finding => ({ rule: 'handler', message, hint, at });

/** Checks the top level of the text. */
export function checkModule(program: Program): Finding[] {
  const firstCode = program.body.findIndex((statement) => statement.type !== 'ImportDeclaration');
  const found = program.body.flatMap((statement, index): Finding[] => {
    if (statement.type.startsWith('Export'))
      return [module('The runtime does not support export.', 'Declare handler without exporting it.', statement)];
    if (statement.type !== 'ImportDeclaration') return [];
    const late = firstCode >= 0 && index > firstCode;
    return [
      ...(late ? [module('An import stands below other code.', 'Move it to the top.', statement)] : []),
      ...checkImport(statement),
    ];
  });
  return [...found, ...checkHandler(program)];
}

function checkImport(statement: ImportDeclaration): Finding[] {
  const found: Finding[] = [];
  const source = String(statement.source.value);
  if (!IMPORTABLE.has(source))
    found.push(
      module(`The runtime has no module "${source}".`, 'Only cloudfront and crypto can be imported.', statement),
    );
  const [first, second] = statement.specifiers;
  if (first?.type !== 'ImportDefaultSpecifier' || second !== undefined)
    found.push(module('Only a default import is supported.', `Write \`import name from '${source}'\`.`, statement));
  return found;
}

function checkHandler(program: Program): Finding[] {
  const found = program.body.filter((s): s is FunctionDeclaration => s.type === 'FunctionDeclaration');
  const declared = found.filter((fn) => fn.id.name === 'handler');
  const fn = declared[0];
  if (fn === undefined)
    return [
      handler('There is no top-level function named handler.', 'Declare `async function handler(event)`.', program),
    ];
  const parameter = fn.params[0];
  if (fn.params.length !== 1 || parameter?.type !== 'Identifier')
    return [handler('handler must take one parameter.', 'Declare `async function handler(event)`.', fn)];
  return [];
}
