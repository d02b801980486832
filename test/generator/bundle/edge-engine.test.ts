// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are programs.
/**
 * The proof against an engine. njs 0.7.9 is the closest one that can be run here: what the proof allows must run in it, and of what the proof
 * forbids it is stated whether this engine refuses it too, or why it is refused although the engine takes it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proveEdge } from '../../../generator/bundle/edge-proof.ts';
import { describeWith, toolPath } from '../../helpers/needs.ts';

const NJS = toolPath('njs') ?? 'njs';
const run = promisify(execFile);

/** [statements of the handler, what it must return]. */
const ALLOWED: readonly (readonly [string, unknown])[] = [
  ['let a = 1; { let a = 2; } const b = a; return b;', 1],
  ['var f = (...rest) => rest.length; return f(1, 2);', 2],
  ['var f = function (...rest) { return rest.length + arguments.length; }; return f(1, 2);', 4],
  ['return `a${1 + 1}\n${`b`}`;', 'a2\nb'],
  ['return 2 ** 3 + 1_0;', 18],
  ['var n = 2; n **= 3; return n;', 8],
  [
    'var a = 1; var o = { a, [`b${a}`]: 2, c() { return 3; }, get d() { return 4; } }; return o.a + o.b1 + o.c() + o.d;',
    10,
  ],
  ['return /(?<n>[0-9]+)/.exec("a12").groups.n;', '12'],
  ['return "xa".replace(/(?<=x)a/gim, "b");', 'xb'],
  ['label: for (;;) { for (;;) { break label; } } return 1;', 1],
  ['try { null.a; } catch (e) { return e instanceof TypeError; } finally { event.a = 1; }', true],
  ['switch (2) { case 1: return 1; default: return 2; }', 2],
  ['var keys = []; for (var k in { a: 1, b: 2 }) keys.push(k); return keys.join();', 'a,b'],
  ['return (function inner(n) { return n < 2 ? 1 : n * inner(n - 1); })(4);', 24],
  ['var v = await wait(1); var w = (await wait(2)) + v; return w;', 3],
  ['for (var i = 0; i < 2; i++) { await wait(i); } return i;', 2],
  ['try { await wait(new Promise((_, no) => no(new Error("x")))); } catch (e) { return e.message; }', 'x'],
  ['return await wait(4);', 4],
  ['var o = { a: await wait(1) }; return o.a;', 1],
  ['return Object.keys({ a: 1 }).concat(Object.values({ a: 2 })).join();', 'a,2'],
  ['return Object.entries({ a: 1 }).join() + Object.assign({}, { b: 1 }).b;', 'a,11'],
  ['return "a-b".padStart(5, "x") + "a".padEnd(2) + " a ".trimStart() + " a".trimEnd();', 'xxa-ba a  a'],
  ['return "abc".includes("b") && "abc".startsWith("a") && "abc".endsWith("c") && "a".repeat(2) === "aa";', true],
  ['return [1, 2].find((a) => a > 1) + [1, 2].findIndex((a) => a > 1) + Number([1].includes(1));', 4],
  ['return Array.isArray(Array.of(1)) && Number.isInteger(1) && Number.isSafeInteger(1);', true],
  [
    'return crypto.createHash("sha256").update("a").digest("base64url");',
    'ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLs',
  ],
  ['return crypto.createHmac("sha1", Buffer.from("6b", "hex")).update("a").digest("hex").length;', 40],
  ['return crypto.createHash("md5").update("a").digest().length;', 16],
  ['return Buffer.concat([Buffer.from("a"), Buffer.alloc(1)]).equals(Buffer.from([97, 0]));', true],
  ['return Buffer.from("_-8", "base64url").toString("hex");', 'ffef'],
  ['return require("querystring").parse("a=1&a=2").a.join();', '1,2'],
  ['return require("buffer").Buffer.from("a").length;', 1],
  ['return atob(btoa("a")) + decodeURIComponent("%41") + encodeURIComponent(" ");', 'aA%20'],
  ['return Uint8Array.from([1, 2]).subarray(1)[0] + new DataView(new ArrayBuffer(2)).getUint8(1);', 2],
  ['return new TextDecoder().decode(new TextEncoder().encode("a")) + Symbol.for("a").toString();', 'aSymbol(a)'],
  ['var all = await Promise.all([wait(1), wait(2)]); return all.join();', '1,2'],
  [
    'return Object.getOwnPropertyNames(Object.create(null)).length + Object.prototype.hasOwnProperty.call({ a: 1 }, "a");',
    1,
  ],
  ['return String.fromCharCode(65) + String.fromCodePoint(66) + "C".charCodeAt(0) + "D".codePointAt(0);', 'AB6768'],
  ['return typeof Date.now() + new Date(0).toISOString();', 'number1970-01-01T00:00:00.000Z'],
  ['return (function () { return this === undefined; })();', true],
  ['var value = await cf.kvs().get("state"); return value;', 'stand-in'],
];

/** What the proof refuses and this engine refuses too, at the latest when it runs. */
const REFUSED = [
  ...[
    'for (const a of [1]) {}',
    'for await (const a of []) {}',
    'var { a } = event;',
    'var [a] = [1];',
    'return [...[1]];',
    'return { ...event };',
  ],
  ...[
    'Math.max(...[1]);',
    'var f = (a = 1) => a;',
    'class A {}',
    'var A = class {};',
    'var g = function* () {};',
    'return event?.a;',
  ],
  ...[
    'event.a ??= 1;',
    'event.a ||= 1;',
    'try { } catch { }',
    'return 1n;',
    'new.target;',
    'return import.meta;',
    'return /a/u;',
    'return /a/s;',
  ],
  ...[
    'return /a/v;',
    'return /a/d;',
    'wait(await wait(1));',
    'wait(1, 1 + (await wait(1)).a);',
    'new Error(await wait(1));',
  ],
  ...[
    'eval("1");',
    'escape("a");',
    'fetch("/");',
    'structuredClone({});',
    'new Map();',
    'new WeakMap();',
    'new URL("/");',
    'undeclared();',
  ],
  ...[
    '[1].at(0);',
    '[1].flat();',
    '[1].flatMap(handler);',
    '"a".replaceAll("a", "b");',
    '"a".matchAll(/a/);',
    '"a".normalize();',
  ],
  ...[
    '"a".localeCompare("b");',
    'Array.from([1]);',
    'Object.fromEntries([]);',
    'Object.hasOwn({}, "a");',
    'crypto.timingSafeEqual(1, 1);',
  ],
  ...[
    'crypto.createCipheriv();',
    'crypto.createHash("sha512");',
    'crypto.createHash("sha256").digest("latin1");',
    'Buffer.from("a", "latin1");',
  ],
  ...[
    'console.error("a");',
    'console.warn("a");',
    'require("os");',
    'if (event) { function inner() { } } inner();',
    'JSON.rawJSON("1");',
  ],
  ...[
    'switch (1) { case 1: function inner() { } } return (inner)();',
    'return SETTINGS;',
    'Promise.withResolvers();',
    'setTimeout(wait, 1);',
  ],
] as const;

/** What this engine takes and the proof refuses all the same. */
const TAKEN: readonly (readonly [code: string, because: string])[] = [
  ['return event.a ?? 1;', 'not in the list of cloudfront-js-2.0'],
  ['return /a/y;', 'not a flag of ECMAScript 5.1'],
  ['return /\\p{L}/;', 'means a property to PCRE and the letter p to JavaScript'],
  ['return 0b11 + 0o17;', 'not in the list of cloudfront-js-2.0'],
  ['return "\\u{41}";', 'not in the list of cloudfront-js-2.0'],
  ['return { __proto__: null };', 'not in the list of cloudfront-js-2.0'],
  ['debugger;', 'not in the list of cloudfront-js-2.0'],
  ['var f = async () => 1;', 'async closures are not supported, says the guide'],
  ['var f = async function () { };', 'async closures are not supported, says the guide'],
  ['if (await wait(1)) return 1;', 'the house rule: no await in conditions'],
  ['return await wait(0) || await wait(1) ? 1 : 2;', 'the house rule: no await in conditions'],
  ['console.log("a", "b");', 'the guide: no comma syntax'],
  ['new Function("return 1");', 'throws at the edge'],
  ['return process.argv;', 'there is no process at the edge'],
  ['return globalThis.console;', 'hides what is used'],
  ['require("fs");', 'there is no file system at the edge'],
  ['String.bytesFrom([97]);', 'gone from the runtime since version 2.0'],
  ['[1].entries;[1].keys();', 'not in the list of cloudfront-js-2.0'],
];

describeWith(['njs'], 'what the proof says and what njs does', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edgepass-engine-'));
    // njs finds the module under this very name.
    await writeFile(
      join(folder, 'cloudfront'),
      'export default { kvs: function () { return { get: async function () { return "stand-in"; } }; } };',
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const text = (body: string): string =>
    `import cf from 'cloudfront';\nimport crypto from 'crypto';\nasync function wait(value) { return value; }\nasync function handler(event) {\n${body}\n}\n`;

  /** Runs the very text that was proved, and a call of its handler. */
  async function execute(body: string): Promise<string> {
    const file = join(folder, `${Math.abs([...body].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7))}.js`);
    const call = 'handler({}).then((v) => console.log("=" + JSON.stringify(v)), (e) => console.log("!" + e));';
    await writeFile(file, text(body) + call);
    // Its exit code is 0 whatever happens, so the output decides.
    const { stdout, stderr } = await run(NJS, ['-q', '-p', folder, file], { timeout: 10_000 }).catch(
      (e: { stdout: string; stderr: string }) => e,
    );
    return `${stdout}${stderr}`.trim();
  }

  it.each(ALLOWED)('allowed, and runs: %s', async (body, value) => {
    expect(proveEdge(text(body))).toEqual([]);
    expect(await execute(body)).toBe(`=${JSON.stringify(value)}`);
  });

  it.each(REFUSED)('refused by both: %s', async (body) => {
    expect(proveEdge(text(body))).not.toEqual([]);
    expect(await execute(body)).not.toMatch(/^=/);
  });

  it.each(TAKEN)('refused, though it runs here: %s (%s)', async (body) => {
    expect(proveEdge(text(body))).not.toEqual([]);
    expect(await execute(body)).not.toMatch(/^!|Error/m);
  });
});
