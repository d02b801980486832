/** Names a text may use: its own, and the globals, modules and methods that the runtime documents. */
import type { AnyNode, CallExpression, Identifier, MemberExpression } from 'acorn';
import type { EdgeRule, Finding } from './edge-fault.ts';
import * as runtime from './edge-runtime.ts';
import type { Scopes } from './edge-scope.ts';

type Where = readonly AnyNode[];

const finding = (rule: EdgeRule, message: string, hint: string): Finding[] => [{ rule, message, hint }];

/** Makes the check for one text. */
export function checkNames(scopes: Scopes): (node: AnyNode, ancestors: Where) => Finding[] {
  return (node, ancestors) => {
    switch (node.type) {
      case 'Identifier':
        return scopes.declared(node.name, ancestors) ? [] : checkFree(node, ancestors.at(-2));
      case 'ThisExpression':
        if (ancestors.some((a) => a.type === 'FunctionDeclaration' || a.type === 'FunctionExpression')) return [];
        return finding('global', 'this stands outside a function.', 'Name what you need.');
      case 'MemberExpression':
        return checkMember(node, { parent: ancestors.at(-2), owner: ownerOf(node.object, scopes, ancestors) });
      case 'CallExpression':
        return checkArguments(node);
      default:
        return [];
    }
  };
}

function checkFree({ name }: Identifier, parent: AnyNode | undefined): Finding[] {
  if (runtime.GLOBALS.has(name)) return [];
  if (name === 'require') {
    const source = parent?.type === 'CallExpression' ? requiredBy(parent) : undefined;
    if (source !== undefined && runtime.REQUIRABLE.has(source)) return [];
    return finding('module', 'require can only load crypto, querystring and buffer.', 'Bundle what else you need.');
  }
  if (name === 'SETTINGS' || /^__.+__$/.test(name))
    return finding('placeholder', `The placeholder ${name} was not replaced.`, 'Fill in the settings before shipping.');
  const reason = Object.hasOwn(runtime.REFUSED_GLOBALS, name) ? runtime.REFUSED_GLOBALS[name] : undefined;
  if (reason !== undefined) return finding('global', `The runtime does not offer ${name}.`, reason);
  return finding(
    'global',
    `${name} is not defined, neither by the function nor by the runtime.`,
    'Declare or import it.',
  );
}

/** What the left side of a member expression is, as far as its members are known. */
interface Owner {
  name: string;
  members: ReadonlySet<string>;
}

function ownerOf(object: MemberExpression['object'], scopes: Scopes, ancestors: Where): Owner | undefined {
  const module = (name: string | undefined): Owner | undefined => {
    const members = name === undefined ? undefined : lookUp(runtime.MODULE_MEMBERS, name);
    return name === undefined || members === undefined ? undefined : { name, members };
  };
  if (object.type === 'CallExpression') return module(requiredBy(object));
  if (object.type !== 'Identifier') return undefined;
  if (scopes.declared(object.name, ancestors)) return module(scopes.imported(object.name, ancestors));
  const members = lookUp(runtime.GLOBAL_MEMBERS, object.name);
  return members === undefined ? undefined : { name: object.name, members };
}

function checkMember(
  node: MemberExpression,
  { parent, owner }: { parent: AnyNode | undefined; owner: Owner | undefined },
): Finding[] {
  const name = memberName(node);
  if (name !== undefined && (name === 'constructor' || name.startsWith('__')))
    return finding('member', `The member ${name} leads to what cannot be checked.`, 'Do without it.');
  if (owner !== undefined) {
    const rule = owner.name === 'console' ? 'console' : 'member';
    if (name === undefined)
      return finding(
        rule,
        `A member of ${owner.name} is chosen at run time, so it cannot be checked.`,
        'Name the member.',
      );
    if (owner.members.has(name)) return [];
    return finding(
      rule,
      `The runtime does not offer ${owner.name}.${name}.`,
      `It has: ${[...owner.members].join(', ')}.`,
    );
  }
  const called = parent?.type === 'CallExpression' && parent.callee === node;
  const ofPrototype = node.object.type === 'MemberExpression' && memberName(node.object) === 'prototype';
  if (name === undefined || !(called || ofPrototype) || !runtime.REFUSED_METHODS.has(name)) return [];
  return finding(
    'member',
    `The runtime does not offer the method ${name}.`,
    'Use one of ECMAScript 5.1; rename a method of your own.',
  );
}

/** Arguments that decide whether a documented function works: number of them, algorithms, encodings. */
function checkArguments(node: CallExpression): Finding[] {
  if (node.callee.type !== 'MemberExpression') return [];
  const name = memberName(node.callee);
  const text = (index: number): string | undefined => literalText(node.arguments[index]);
  if (name === 'log' && node.callee.object.type === 'Identifier' && node.callee.object.name === 'console')
    return node.arguments.length <= 1
      ? []
      : finding('console', 'console.log takes one argument.', 'Join the texts with +.');
  const algorithm = name === 'createHash' || name === 'createHmac' ? text(0) : undefined;
  if (algorithm !== undefined && !runtime.HASHES.has(algorithm))
    return finding(
      'member',
      `The runtime does not offer the algorithm ${algorithm}.`,
      `It has: ${[...runtime.HASHES].join(', ')}.`,
    );
  const isBuffer = node.callee.object.type === 'Identifier' && node.callee.object.name === 'Buffer';
  const encoding =
    name === 'digest' || name === 'toString' ? text(0) : name === 'from' && isBuffer ? text(1) : undefined;
  if (encoding === undefined || runtime.ENCODINGS.has(encoding) || (encoding === 'utf8' && name !== 'digest'))
    return [];
  return finding(
    'member',
    `The runtime does not offer the encoding ${encoding}.`,
    `It has: ${[...runtime.ENCODINGS].join(', ')}.`,
  );
}

/** The name of a member where the text states it. */
function memberName(node: MemberExpression): string | undefined {
  if (node.property.type === 'PrivateIdentifier') return undefined;
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  return literalText(node.property);
}

function requiredBy(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return undefined;
  return node.arguments.length === 1 ? literalText(node.arguments[0]) : undefined;
}

function literalText(node: AnyNode | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
