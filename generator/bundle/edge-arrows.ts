/**
 * Writes the functions of a CloudFront Function as arrow functions. The sources declare functions, as the rest of the
 * project does; of the 10 KB a text may have, `function` and `return` would be one twentieth.
 */
import type { FunctionDeclaration, Node, Program, VariableDeclaration } from 'acorn';

/** `name=(a,b)=>…`, or nothing where it has to stay: asynchronous, or declared for the runtime to call. */
function arrow(node: FunctionDeclaration, text: string): string | undefined {
  if (node.async || node.generator || node.id.name === 'handler') return undefined;
  const [only, more] = node.body.body;
  const params = node.params.map((param) => text.slice(param.start, param.end));
  const head = `${node.id.name}=${params.length === 1 ? params[0] : `(${params.join(',')})`}=>`;
  if (only?.type !== 'ReturnStatement' || more || !only.argument)
    return head + text.slice(node.body.start, node.body.end);
  const value = text.slice(only.argument.start, only.argument.end);
  const isBare = only.argument.type !== 'SequenceExpression' && !value.startsWith('{');
  return head + (isBare ? value : `(${value})`);
}

function declarators(node: Node, text: string): string[] | undefined {
  if (node.type === 'FunctionDeclaration') {
    const written = arrow(node as FunctionDeclaration, text);
    return written === undefined ? undefined : [written];
  }
  if (node.type !== 'VariableDeclaration' || (node as VariableDeclaration).kind !== 'var') return undefined;
  return (node as VariableDeclaration).declarations.map(({ start, end }) => text.slice(start, end));
}

/**
 * The same program with every top-level function declaration as a variable, neighbours in one statement. Nothing calls a
 * function of its own while the module is loaded, so nothing misses that declarations are there before they are reached;
 * the proof of the text (`edge-proof.ts`) loads it.
 */
export function arrowFunctions(text: string, program: Program): string {
  const parts: string[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) parts.push(`var ${open.join(',')};`);
    open = [];
  };
  for (const node of program.body) {
    const own = declarators(node, text);
    if (own) open.push(...own);
    else {
      close();
      parts.push(text.slice(node.start, node.end));
    }
  }
  close();
  return parts.join('');
}
