/** Which syntax a CloudFront Function may use: an allow-list. What is not on it is refused, also what JavaScript gains later. */
import type { AnyNode, AssignmentOperator, Literal, Property } from 'acorn';
import type { Finding } from './edge-fault.ts';
import { REGEXP_FLAGS } from './edge-runtime.ts';

const ALLOWED = new Set<AnyNode['type']>([
  ...(['Program', 'ExpressionStatement', 'BlockStatement', 'EmptyStatement', 'ReturnStatement'] as const),
  ...(['LabeledStatement', 'BreakStatement', 'ContinueStatement', 'IfStatement', 'SwitchStatement'] as const),
  ...(['SwitchCase', 'ThrowStatement', 'TryStatement', 'CatchClause', 'WhileStatement', 'DoWhileStatement'] as const),
  ...(['ForStatement', 'ForInStatement', 'FunctionDeclaration', 'VariableDeclaration'] as const),
  ...(['VariableDeclarator', 'ThisExpression', 'ArrayExpression', 'ObjectExpression', 'Property'] as const),
  ...(['FunctionExpression', 'UnaryExpression', 'UpdateExpression', 'BinaryExpression'] as const),
  ...(['AssignmentExpression', 'LogicalExpression', 'MemberExpression', 'ConditionalExpression'] as const),
  ...(['CallExpression', 'NewExpression', 'SequenceExpression', 'ArrowFunctionExpression'] as const),
  ...(['TemplateLiteral', 'TemplateElement', 'AwaitExpression', 'ImportDeclaration'] as const),
  ...(['ImportDefaultSpecifier', 'Identifier', 'Literal', 'RestElement'] as const),
]);

/** Names and ways out for the refusals people meet; anything else is reported by its node type. */
const EXPLAINED: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  ForOfStatement: ['for…of', 'Use a counting loop or forEach.'],
  ObjectPattern: ['destructuring', 'Read the members one by one.'],
  ArrayPattern: ['destructuring', 'Read the elements one by one.'],
  SpreadElement: ['spread', 'Use concat, Object.assign or apply.'],
  AssignmentPattern: ['a default parameter', 'Test for undefined in the body.'],
  ClassDeclaration: ['a class', 'Use functions and plain objects.'],
  ClassExpression: ['a class', 'Use functions and plain objects.'],
  ChainExpression: ['optional chaining', 'Use `a && a.b`.'],
  TaggedTemplateExpression: ['a tagged template', 'Call the function.'],
  ImportExpression: ['import()', 'Import at the top of the file.'],
  MetaProperty: ['new.target or import.meta', 'Leave it out.'],
  YieldExpression: ['a generator', 'Return an array.'],
  DebuggerStatement: ['debugger', 'Remove it.'],
  WithStatement: ['with', 'Name the object.'],
};

const ASSIGNMENTS = new Set<AssignmentOperator>([
  ...(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '>>>=', '|=', '^=', '&=', '**='] as const),
]);

const feature = (what: string, hint: string): Finding => ({
  rule: 'feature',
  message: `The runtime does not support ${what}.`,
  hint,
});

/** Syntax that is not documented for `cloudfront-js-2.0`. */
export function checkSyntax(node: AnyNode, ancestors: readonly AnyNode[]): Finding[] {
  if (!ALLOWED.has(node.type)) {
    // Exports and imports are the business of the module check, which says more about them.
    if (/^(Export|ImportSpecifier|ImportNamespaceSpecifier|ImportAttribute)/.test(node.type)) return [];
    const [what, hint] = EXPLAINED[node.type] ?? [node.type, 'Write it in ECMAScript 5.1.'];
    return [feature(what, hint)];
  }
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return checkFunction(node, ancestors);
    case 'CatchClause':
      return node.param ? [] : [feature('catch without a variable', 'Write `catch (e)`.')];
    case 'LogicalExpression':
      return node.operator === '??' ? [feature('??', 'Compare with null and undefined.')] : [];
    case 'AssignmentExpression':
      return ASSIGNMENTS.has(node.operator) ? [] : [feature(node.operator, 'Write the assignment out.')];
    case 'TemplateElement':
      return checkEscapes(node.value.raw);
    case 'MemberExpression':
    case 'CallExpression':
      return node.optional ? [feature('optional chaining', 'Use `a && a.b`.')] : [];
    case 'Property':
      return checkProperty(node);
    case 'Literal':
      return checkLiteral(node);
    case 'RestElement':
      return node.argument.type === 'Identifier' ? [] : [feature('destructuring', 'Read the elements one by one.')];
    default:
      return [];
  }
}

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** Whether a node opens a function. */
export function isFunction(node: AnyNode): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function checkFunction(node: FunctionNode, ancestors: readonly AnyNode[]): Finding[] {
  const found: Finding[] = [];
  const parent = ancestors.at(-2);
  if (node.generator) found.push(feature('a generator', 'Return an array.'));
  if (node.async && !(node.type === 'FunctionDeclaration' && parent?.type === 'Program'))
    found.push({
      rule: 'async',
      message: 'The runtime does not support async closures.',
      hint: 'Only functions declared at the top level may be async; pass what they need as arguments.',
    });
  // ECMAScript 5.1 has no functions in blocks, and engines differ in where such a name is visible.
  const inBlock = parent?.type === 'BlockStatement' && !ancestors.slice(0, -2).at(-1)?.type.includes('Function');
  if (node.type === 'FunctionDeclaration' && (inBlock || !/^(Program|BlockStatement)$/.test(parent?.type ?? '')))
    found.push(feature('a function declaration in a block', 'Move it to the top of the function.'));
  return found;
}

function checkProperty(node: Property | Extract<AnyNode, { type: 'Property' }>): Finding[] {
  const key = node.key.type === 'Identifier' ? node.key.name : node.key.type === 'Literal' ? node.key.value : undefined;
  if (!node.computed && !node.shorthand && key === '__proto__')
    return [feature('__proto__', 'Use Object.create(null) for an object without inherited members.')];
  return [];
}

function checkLiteral(node: Literal): Finding[] {
  const raw = node.raw ?? '';
  if (node.bigint) return [feature('BigInt', 'Use a number.')];
  if (node.regex) return checkRegexp(node.regex.pattern, node.regex.flags);
  if (typeof node.value === 'number' && /^0[bo]/i.test(raw))
    return [feature('binary and octal numbers', 'Write it in decimal or hexadecimal.')];
  return typeof node.value === 'string' ? checkEscapes(raw) : [];
}

/** The guide lists escapes of four digits only. */
function checkEscapes(raw: string): Finding[] {
  const longEscape = /\\u\{/.test(raw.replace(/\\\\/g, ''));
  return longEscape ? [feature('the escape \\u{…}', 'Use \\uXXXX, twice where needed.')] : [];
}

function checkRegexp(pattern: string, flags: string): Finding[] {
  const found: Finding[] = [];
  if (!REGEXP_FLAGS.test(flags))
    found.push({
      rule: 'regexp',
      message: `The runtime does not know all of the flags "${flags}".`,
      hint: 'Use only g, i and m.',
    });
  // PCRE, which the runtime uses, reads `\p` as a Unicode property; JavaScript without the u flag reads the letter p.
  if (/\\[pP]/.test(pattern.replace(/\\\\/g, '')))
    found.push({
      rule: 'regexp',
      message: 'The meaning of \\p differs between engines.',
      hint: 'List the characters.',
    });
  return found;
}
