/**
 * Where `await` may stand. The engine refuses it inside call arguments ("await in arguments not supported"), also when it is
 * deep inside an argument; awaiting in conditions is refused as well, so that what is read, and in which order, is plain to see. A
 * minifier puts `await` into both places: `const v = await f(); return v ? 1 : 2` becomes `return await f() ? 1 : 2`.
 */
import type { AnyNode } from 'acorn';
import type { Finding } from './edge-fault.ts';
import { isFunction } from './edge-syntax.ts';

const HINT = 'Assign to a variable first, and keep the minifier from inlining it.';

/** `await` outside async functions, in arguments or in conditions. */
export function checkAwait(node: AnyNode, ancestors: readonly AnyNode[]): Finding[] {
  if (node.type !== 'AwaitExpression') return [];
  const inside = ancestors.slice(ancestors.findLastIndex(isFunction) + 1);
  const owner = ancestors.findLast(isFunction);
  if (owner === undefined || !owner.async)
    return [{ rule: 'await', message: 'await stands outside an async function.', hint: 'Move it into handler.' }];
  for (let i = 0; i < inside.length - 1; i++) {
    const [parent, child] = [inside[i], inside[i + 1]];
    if (parent === undefined || child === undefined) continue;
    if (isArgument(parent, child))
      return [{ rule: 'await', message: 'await stands inside call arguments.', hint: HINT }];
    if (isCondition(parent, child)) return [{ rule: 'await', message: 'await stands in a condition.', hint: HINT }];
  }
  return [];
}

function isArgument(parent: AnyNode, child: AnyNode): boolean {
  if (parent.type !== 'CallExpression' && parent.type !== 'NewExpression') return false;
  return parent.arguments.some((argument) => argument === child);
}

function isCondition(parent: AnyNode, child: AnyNode): boolean {
  switch (parent.type) {
    case 'LogicalExpression':
      return true;
    case 'SwitchStatement':
      return parent.discriminant === child;
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'SwitchCase':
      return parent.test === child;
    default:
      return false;
  }
}
