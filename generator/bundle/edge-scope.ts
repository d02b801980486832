/** Which names a text declares, and where: so that a free name is one of the runtime's globals or a mistake. */
import type { AnyNode, Pattern, Program } from 'acorn';
import { fullAncestor } from 'acorn-walk';

/** Answers questions about names at a place in the text. */
export interface Scopes {
  /** Whether `name` is declared by the text at the place that `ancestors` leads to. */
  declared(name: string, ancestors: readonly AnyNode[]): boolean;
  /** The module that `name` was imported from, where it means that import. */
  imported(name: string, ancestors: readonly AnyNode[]): string | undefined;
}

const BLOCKS = /^(Program|BlockStatement|ForStatement|ForInStatement|ForOfStatement|SwitchStatement)$/;
const FUNCTIONS = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** Reads all declarations of `program`. */
export function scopesOf(program: Program): Scopes {
  const names = new Map<AnyNode, Set<string>>();
  const imports = new Map<string, string>();
  const declare = (scope: AnyNode | undefined, found: readonly string[]): void => {
    if (scope === undefined) return;
    const known = names.get(scope) ?? new Set<string>();
    for (const name of found) known.add(name);
    names.set(scope, known);
  };
  const nearest = (ancestors: readonly AnyNode[], kind: RegExp): AnyNode | undefined =>
    ancestors.slice(0, -1).findLast((node) => node.type === 'Program' || kind.test(node.type));

  fullAncestor(program, (node, _state, ancestors) => {
    switch (node.type) {
      case 'VariableDeclaration': {
        const scope = nearest(ancestors, node.kind === 'var' ? FUNCTIONS : BLOCKS);
        for (const declarator of node.declarations) declare(scope, namesIn(declarator.id));
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        declare(node, node.params.flatMap(namesIn));
        if (node.type !== 'ArrowFunctionExpression') declare(node, ['arguments']);
        if (node.id) declare(node.type === 'FunctionDeclaration' ? nearest(ancestors, BLOCKS) : node, [node.id.name]);
        break;
      case 'ClassDeclaration':
        if (node.id) declare(nearest(ancestors, BLOCKS), [node.id.name]);
        break;
      case 'CatchClause':
        if (node.param) declare(node, namesIn(node.param));
        break;
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) {
          declare(program, [local.name]);
          imports.set(local.name, String(node.source.value));
        }
        break;
    }
  });

  const scopeOf = (name: string, ancestors: readonly AnyNode[]): AnyNode | undefined =>
    ancestors.findLast((node) => names.get(node)?.has(name));
  return {
    declared: (name, ancestors) => scopeOf(name, ancestors) !== undefined,
    imported: (name, ancestors) => (scopeOf(name, ancestors)?.type === 'Program' ? imports.get(name) : undefined),
  };
}

/** Destructuring is refused elsewhere; its names count as declared so that they are not reported a second time. */
function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) => namesIn(p.type === 'RestElement' ? p.argument : p.value));
    default:
      return [];
  }
}
