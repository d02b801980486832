/** Expressions of GitHub workflows, as far as ours use them; anything else is an error, so that nothing is tested by accident. */

export type Value = string | number | boolean | null | { [key: string]: Value } | Value[];

export interface Scope {
  /** `github`, `matrix`, `needs`, `steps`, `vars`, `inputs`. */
  contexts: Readonly<Record<string, Value>>;
  /** Whether a step or job before this one failed. */
  failed: boolean;
}

/** A text with `${{ … }}` in it. An expression that is the whole text keeps its type. */
export function interpolate(text: string, scope: Scope): Value {
  const whole = /^\$\{\{([^}]*)\}\}$/.exec(text.trim())?.[1];
  if (whole !== undefined) return evaluate(whole, scope);
  return text.replace(/\$\{\{([^}]*)\}\}/g, (_all, inner: string) => textOf(evaluate(inner, scope)));
}

/** A condition; without a function that asks for the status, it holds only if nothing failed. */
export function condition(text: string | undefined, scope: Scope): boolean {
  if (text === undefined) return !scope.failed;
  const inner = text.trim().replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  const asks = /\b(cancelled|always|failure|success)\(\)/.test(inner);
  return (asks || !scope.failed) && isTrue(evaluate(inner, scope));
}

export function textOf(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const TOKEN = /\s*('(?:[^']|'')*'|&&|\|\||==|!=|!|\(|\)|[A-Za-z_][\w.-]*)/y;

function evaluate(text: string, scope: Scope): Value {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const source = text.trim();
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source)?.[1];
    if (found === undefined) throw new Error(`not an expression that we know: ${text}`);
    tokens.push(found);
  }
  const parser = { tokens, scope, text };
  const value = either(parser);
  if (tokens.length > 0) throw new Error(`more than an expression: ${text}`);
  return value;
}

interface Parser {
  tokens: string[];
  scope: Scope;
  text: string;
}

function either(parser: Parser): Value {
  let value = both(parser);
  while (parser.tokens[0] === '||') {
    parser.tokens.shift();
    const right = both(parser);
    value = isTrue(value) ? value : right;
  }
  return value;
}

function both(parser: Parser): Value {
  let value = equal(parser);
  while (parser.tokens[0] === '&&') {
    parser.tokens.shift();
    const right = equal(parser);
    value = isTrue(value) ? right : value;
  }
  return value;
}

function equal(parser: Parser): Value {
  const left = single(parser);
  const operator = parser.tokens[0];
  if (operator !== '==' && operator !== '!=') return left;
  parser.tokens.shift();
  const same = textOf(left).toLowerCase() === textOf(single(parser)).toLowerCase();
  return operator === '==' ? same : !same;
}

function single(parser: Parser): Value {
  const token = parser.tokens.shift();
  if (token === undefined) throw new Error(`an expression that ends early: ${parser.text}`);
  if (token === '!') return !isTrue(single(parser));
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === '(') {
    const value = either(parser);
    if (parser.tokens.shift() !== ')') throw new Error(`a bracket stays open: ${parser.text}`);
    return value;
  }
  if (parser.tokens[0] === '(') return call(token, parser);
  return valueAt(token, parser.scope);
}

function call(name: string, parser: Parser): Value {
  parser.tokens.shift();
  const argument = parser.tokens[0] === ')' ? undefined : either(parser);
  if (parser.tokens.shift() !== ')') throw new Error(`more than one argument: ${parser.text}`);
  if (name === 'cancelled') return false;
  if (name === 'fromJSON' && typeof argument === 'string') return JSON.parse(argument) as Value;
  throw new Error(`not a function that we know: ${name}`);
}

function valueAt(path: string, { contexts }: Scope): Value {
  const [root = '', ...rest] = path.split('.');
  if (!Object.hasOwn(contexts, root)) throw new Error(`no context ${root}`);
  return rest.reduce<Value>((value, key) => {
    const inside = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
    return inside ?? null;
  }, contexts[root] ?? null);
}

function isTrue(value: Value): boolean {
  return value !== null && value !== '' && value !== 0 && value !== false;
}
