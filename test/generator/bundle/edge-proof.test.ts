// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are programs.
import { describe, expect, it } from 'vitest';
import { type EdgeRule, proveEdge } from '../../../generator/bundle/edge-proof.ts';

const rules = (text: string): EdgeRule[] => [...new Set(proveEdge(text).map((fault) => fault.rule))];

/** A text that is fine but for `body` in its handler. */
const inHandler = (body: string, top = ''): string =>
  `import cf from 'cloudfront';\nimport crypto from 'crypto';\n${top}\nasync function handler(event) {\n${body}\nreturn event.request;\n}\n`;

/** What every shipped function looks like. */
const REAL = `import crypto from 'crypto';
import cf from 'cloudfront';
const store = cf.kvs();
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const settings = { audience: 'acme/dev', streams: [{ hosts: ['media.example.com'], paths: ['/live/', '/out/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/'] }] };
function mac(key, data) { return crypto.createHmac('sha256', Buffer.from(key, 'base64url')).update(data).digest('base64url'); }
function deny(status, reason) {
  const headers = { 'cache-control': { value: 'no-store' }, ['x-edgepass-reason']: { value: reason } };
  return { statusCode: status, headers };
}
async function handler(event) {
  const request = event.request;
  let parts = request.uri.split('/');
  try {
    const state = await store.get('state');
    for (let i = 0; i < parts.length; i++) if (/^[.]+$/i.test(parts[i])) return deny(400, 'path_not_canonical');
    const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
    if (!(claims.exp > Math.floor(Date.now() / 1000)) || mac(state, parts[1]) !== parts[2]) return deny(401, \`token_\${claims.exp}\`);
    Object.keys(claims).forEach((name) => { if (!Object.prototype.hasOwnProperty.call(claims, name)) throw new Error(name); });
    console.log(JSON.stringify({ a: 1_000 ** 2, alphabet: ALPHABET.length, settings }));
    return request;
  } catch (e) {
    return deny(503, 'state_unavailable');
  }
}
`;

describe('a text that may be shipped', () => {
  it('is proved', () => expect(proveEdge(REAL)).toEqual([]));
  it('may have a handler that is not async', () =>
    expect(rules('function handler(event){return event.request}')).toEqual([]));
});

describe('size and characters', () => {
  const padded = (bytes: number): string => {
    const text = 'function handler(e){return e.request}';
    return text + ' '.repeat(bytes - text.length);
  };
  it('allows 10,240 bytes', () => expect(rules(padded(10_240))).toEqual([]));
  it('refuses 10,241 bytes', () => expect(rules(padded(10_241))).toEqual(['size']));
  it('counts bytes, not characters', () => {
    const text = `function handler(e){return '${'é'.repeat(5_110)}'}`;
    expect(text.length).toBeLessThan(10_240);
    expect(rules(text)).toEqual(['size', 'ascii']);
  });
  it('allows escapes', () => expect(rules(inHandler("var a = '\\u00e9';"))).toEqual([]));
  it('refuses characters outside ASCII', () => expect(rules(inHandler("var a = 'é';"))).toEqual(['ascii']));
  it('refuses control characters', () => expect(rules(inHandler("var a = '\u0001';"))).toEqual(['ascii']));
});

describe('syntax errors', () => {
  it('are one fault with its place', () => {
    const [fault, ...others] = proveEdge('function handler(event) {\n  return (;\n}');
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ rule: 'syntax', line: 2, column: 11 });
  });
  it.each(['return 010;', 'with (event) {}', 'var { a', 'eval = 1;', '<!-- x', 'return /a(?i:b)/;'])(
    'refuses %s',
    (body) => expect(rules(inHandler(body))).toEqual(['syntax']),
  );
  it('refuses a first line for the shell', () => expect(rules(`#!/usr/bin/njs\n${inHandler('')}`)).toEqual(['syntax']));
});

describe('handler and modules', () => {
  it.each([
    ['missing', 'function other(event){}'],
    ['in a variable', 'const handler = (event) => event.request;'],
    ['renamed', 'function handler2(event){}'],
    ['nested', 'function wrap(){ function handler(event){} }'],
    ['without parameter', 'function handler(){}'],
    ['with two parameters', 'function handler(event, context){}'],
    ['with a rest parameter', 'function handler(...event){}'],
  ])('refuses a handler that is %s', (_name, text) => expect(rules(text)).toEqual(['handler']));
  it('refuses a generator', () => expect(rules('function* handler(event){}')).toEqual(['feature']));
  it.each(['export { handler };', 'export default handler;', 'export const a = 1;', "export * from 'crypto';"])(
    'refuses %s',
    (line) => expect(rules(inHandler('') + line)).toEqual(['module']),
  );
  it.each([
    "import { createHmac } from 'crypto';",
    "import * as c from 'crypto';",
    "import 'crypto';",
    "import c, { createHmac } from 'crypto';",
    "import fs from 'fs';",
    "import q from './helper.js';",
    "import q from 'querystring';",
  ])('refuses %s', (line) => expect(rules(line + inHandler(''))).toEqual(['module']));
  it('refuses imports below code', () => expect(rules(`${inHandler('')}import c2 from 'crypto';`)).toEqual(['module']));
  it.each(['crypto', 'querystring', 'buffer'])('allows require of %s', (name) =>
    expect(rules(inHandler('', `var m = require('${name}');`))).toEqual([]),
  );
  it.each(["require('fs')", 'require(event.x)', 'require', "require('crypto', 1)"])('refuses %s', (code) =>
    expect(rules(inHandler(`var m = ${code};`))).toEqual(['module']),
  );
});

describe('await', () => {
  it.each([
    'await f(event);',
    'const a = await f(event);',
    'let a; a = await f(event);',
    'var a = (await f(event)).uri;',
    'return await f(event);',
    'try { await f(event); } catch (e) { throw e; }',
    'for (let i = 0; i < 2; i++) { await f(i); }',
    'if (event) { await f(event); }',
  ])('allows %s', (body) => expect(rules(inHandler(body, 'async function f(a) { return a; }'))).toEqual([]));
  it.each([
    'f(await f(event));',
    'f(1, 1 + (await f(event)).b);',
    'new Error(await f(event));',
    'f([await f(event)]);',
    'if (await f(event)) return 1;',
    'while (await f(event)) return 1;',
    'do { } while (await f(event));',
    'for (; await f(event); ) return 1;',
    'switch (await f(event)) { case 1: }',
    'return await f(event) ? 1 : 2;',
    'return !(await f(event)) && 1;',
    'return event && await f(event);',
  ])('refuses %s', (body) => expect(rules(inHandler(body, 'async function f(a) { return a; }'))).toEqual(['await']));
  it('refuses await in a function that is not async', () =>
    expect(rules('function handler(event) { await event; }')).toEqual(['syntax']));
  it('refuses await at the top level', () => expect(rules(inHandler('', 'await 1;'))).toEqual(['await']));
});

describe('syntax of the runtime', () => {
  it.each([
    'var a = [,1]; a.length = 0;',
    'label: for (var k in event) { if (k) continue label; else break label; }',
    'do { } while (0); while (0) { }',
    'switch (event.a) { case 1: default: }',
    'var o = { get a() { return 1; }, set a(v) { }, b() { return 2; }, [`c${1}`]: 3, event };',
    'var f = (...rest) => rest.length; f(1);',
    'var f = function g(a) { return this === arguments[0] ? g : a; }; f();',
    'var n = 2 ** 3; n **= 2; n >>>= 1; n = ~n + 0x1f + 1e3 + 1_0;',
    'var s = `a\nb${event.a + `${1}`}`;',
    'var r = /(?<year>[0-9]+)(?<=x)\\\\p/gim; r.test("");',
    'delete event.a; void 0; typeof event; "a" in event; event instanceof Object;',
    'throw new RangeError("x");',
    'function inner() { return 1; } inner();',
    'var s = "\\x41\\\\u{41}";',
  ])('allows %s', (body) => expect(proveEdge(inHandler(body))).toEqual([]));

  it.each([
    ['for…of', 'for (const a of event.list) { }'],
    ['for await', 'for await (const a of event.list) { }'],
    ['object destructuring', 'var { uri } = event.request;'],
    ['array destructuring', 'var [a] = event.list;'],
    ['destructuring in parameters', 'var f = ({ a }) => a;'],
    ['destructuring in rest', 'var f = (...[a]) => a;'],
    ['destructuring in catch', 'try { } catch ({ message }) { }'],
    ['array spread', 'var a = [...event.list];'],
    ['object spread', 'var a = { ...event };'],
    ['argument spread', 'Math.max(...event.list);'],
    ['default parameters', 'var f = (a = 1) => a;'],
    ['classes', 'class A { }'],
    ['class expressions', 'var A = class { };'],
    ['generators', 'var g = function* () { yield 1; };'],
    ['generator methods', 'var g = { *a() { } };'],
    ['optional chaining', 'var a = event?.a;'],
    ['optional calls', 'event.a?.();'],
    ['nullish', 'var a = event.a ?? 1;'],
    ['nullish assignment', 'event.a ??= 1;'],
    ['logical assignment', 'event.a ||= 1; event.a &&= 1;'],
    ['catch without variable', 'try { } catch { }'],
    ['BigInt', 'var a = 1n;'],
    ['octal numbers', 'var a = 0o17;'],
    ['binary numbers', 'var a = 0b11;'],
    ['tagged templates', 'var t = String; t`a`;'],
    ['code point escapes', 'var a = "\\u{41}";'],
    ['code point escapes in templates', 'var a = `\\u{41}`;'],
    ['import()', 'var a = import("crypto");'],
    ['new.target', 'var f = function () { return new.target; };'],
    ['import.meta', 'var a = import.meta;'],
    ['debugger', 'debugger;'],
    ['functions in blocks', 'if (event) { function inner() { } }'],
    ['functions in cases', 'switch (event) { case 1: function inner() { } }'],
    ['__proto__', 'var a = { __proto__: null };'],
  ])('refuses %s', (_name, body) => expect(rules(inHandler(body))).toEqual(['feature']));

  it.each([
    'var f = async () => 1;',
    'var f = async function () { };',
    'var o = { async f() { } };',
    'async function f() { }',
  ])('refuses async closures: %s', (body) => expect(rules(inHandler(body))).toEqual(['async']));
  it.each(['u', 's', 'y', 'd', 'v', 'gu'])('refuses the regular expression flag %s', (flags) =>
    expect(rules(inHandler(`var r = /a/${flags};`))).toEqual(['regexp']),
  );
  it('refuses \\p', () => expect(rules(inHandler('var r = /\\p{L}/;'))).toEqual(['regexp']));
});

describe('names', () => {
  it.each([
    'var a = b; var b; function b2() { }',
    'try { } catch (e) { e; }',
    'for (let i in event) { i; }',
    'for (var i = 0; i < 1; i++) { } i;',
    'var f = function named() { return named; };',
    'var console2 = { error: 1 }; console2.error;',
    '{ const Buffer = { anything: 1 }; Buffer.anything; }',
    'isNaN(parseInt(decodeURIComponent("1"), 10)); atob(btoa("a")); NaN; Infinity; undefined;',
  ])('allows %s', (body) => expect(proveEdge(inHandler(body))).toEqual([]));

  it.each([
    ...[
      'eval("1");',
      'new Function("");',
      'setTimeout(handler, 1);',
      'setInterval(handler, 1);',
      'process.env;',
      'fs.readFileSync;',
    ],
    ...[
      'fetch("/");',
      'new XMLHttpRequest();',
      'globalThis.a;',
      'module.exports = 1;',
      'structuredClone(event);',
      'new Map();',
    ],
    ...[
      'undeclared();',
      'undeclared = 1;',
      'typeof undeclared;',
      '{ let inner = 1; } inner;',
      'escape("a");',
      'var a = { event2 };',
    ],
  ])('refuses %s', (body) => expect(rules(inHandler(body))).toEqual(['global']));
  it('refuses this outside functions', () =>
    expect(rules(inHandler('', 'var self = this; var f = () => this;'))).toEqual(['global']));
  it('refuses arguments outside functions', () =>
    expect(rules(inHandler('', 'var a = arguments;'))).toEqual(['global']));
  it('names an outer variable that a block declares', () =>
    expect(proveEdge(inHandler('if (event) { let x = 1; }\nreturn x;'))).toMatchObject([
      { rule: 'global', line: 6, column: 8 },
    ]));

  it.each([
    ...[
      '[1].at(0);',
      '[1].flat();',
      '[1].flatMap(handler);',
      '[1].entries();',
      '"a".replaceAll("a", "b");',
      '"a".matchAll(/a/g);',
    ],
    ...[
      '"a".normalize();',
      'event["replaceAll"]("a", "b");',
      'Array.from([1]);',
      'Object.fromEntries([]);',
      'Object.hasOwn(event, "a");',
    ],
    ...[
      'String.bytesFrom([1]);',
      'String.raw;',
      'Array.prototype.at.call([1], 0);',
      'Promise.withResolvers();',
      'Symbol.iterator;',
    ],
    ...[
      'crypto.timingSafeEqual(event, event);',
      'crypto.createCipheriv;',
      'crypto.createHash("sha512");',
      'crypto.subtle;',
      'crypto[event.a];',
    ],
    ...[
      'crypto.createHmac("sha384", "k");',
      'crypto.createHash("sha256").digest("binary");',
      'Buffer.from("a", "latin1");',
    ],
    ...[
      'Buffer.from("a").toString("ascii");',
      'cf.fetch("/");',
      'Math[event.a];',
      'event.constructor("x");',
      'event["__proto__"];',
    ],
    ...[
      'var q = require("querystring").nope;',
      'JSON.rawJSON("1");',
      'Date.now2();',
      'Error.captureStackTrace(event);',
    ],
  ])('refuses %s', (body) => expect(rules(inHandler(body))).toEqual(['member']));
  it.each([
    ...[
      'Object.keys(event); Object.entries(event); Object.values(event);',
      'event.at = 1; event.keys;',
      'Number.isInteger(1);',
    ],
    ...[
      'Uint8Array.from([1]); Uint8Array.of(1);',
      'crypto.createHash("md5").update("a").digest();',
      '(1).toString(16);',
      'Date.now();',
    ],
    ...[
      'Promise.all([]); Promise.resolve(1).then(handler);',
      'Buffer.concat([Buffer.alloc(1)]).equals(Buffer.from([1]));',
    ],
    ...[
      'Buffer.from("a", "utf8").toString("hex");',
      'cf.edgeLocation.name; cf.cwt.validateToken(event, { key: "k" });',
    ],
    ...[
      'String.fromCharCode(65).charCodeAt(0); "a".padStart(2);',
      'Symbol.for("a");',
      'new TextDecoder().decode(event.a);',
    ],
  ])('allows %s', (body) => expect(proveEdge(inHandler(body))).toEqual([]));

  it.each(['console.error("a");', 'console.warn("a");', 'console.log("a", "b");', 'console[event.a]("a");'])(
    'refuses %s',
    (body) => expect(rules(inHandler(body))).toEqual(['console']),
  );
  it('allows console.log of one text', () => expect(rules(inHandler('console.log("a" + event);'))).toEqual([]));
});

describe('placeholders', () => {
  it.each([
    'var a = SETTINGS;',
    'var a = __AUDIENCE__;',
    'var a = "{{audience}}";',
    'var a = "arn:${AWS::Partition}";',
    'var a = "__KVS_ID__";',
  ])('refuses %s', (body) => expect(rules(inHandler(body))).toEqual(['placeholder']));
  it.each([
    'const SETTINGS = { a: 1 }; SETTINGS.a;',
    'var a = `${event.a}`;',
    'var a = "$1 { } __proto__";',
    'var f = "a__b";',
  ])('allows %s', (body) => expect(rules(inHandler(body))).toEqual([]));
});

describe('places', () => {
  it('are in the emitted text, in order, each fault once', () => {
    const faults = proveEdge('function handler(event) {\r\n  var a = event?.a ?? 1;\n  return fetch(a);\n}');
    expect(faults.map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toEqual([
      'feature 2:11',
      'feature 2:11',
      'global 3:10',
    ]);
    expect(faults.every(({ hint }) => hint.length > 5)).toBe(true);
  });
});

describe('what a minifier does to a sound function', () => {
  it('is found', async () => {
    const body = 'const seen = await f(event); if (seen) return 1; const other = await f(1); return other ? 2 : 3;';
    const source = `async function f(a) { return a; }\nasync function handler(event) { ${body} }`;
    expect(proveEdge(source)).toEqual([]);
    const { transform } = await import('esbuild');
    const { code } = await transform(source, { minifySyntax: true });
    expect(rules(code)).toEqual(['await']);
  });
  it('is found when it renames handler', async () => {
    const { transform } = await import('esbuild');
    const { code } = await transform('export function handler(event){return event.request}', {
      minify: true,
      format: 'esm',
    });
    expect(rules(code)).toEqual(expect.arrayContaining(['module', 'handler']));
  });
});
