/** Both engines run the text that ships as CloudFront would: same verdicts, and nothing left of one call for the next. */
import { createHash, createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { EdgeCall, EdgeResult, EdgeStore, Engine } from '../../../generator/local/engine.ts';
import { njsEngine } from '../../../generator/local/njs-engine.ts';
import { nodeEngine } from '../../../generator/local/node-engine.ts';
import { corpus } from '../../adversarial/corpus.ts';
import { eventOf } from '../../adversarial/event-of.ts';
import { textOf } from '../../adversarial/judge.ts';
import { needs } from '../../helpers/needs.ts';
import type { EdgeRun } from '../../helpers/njs.ts';
import { type Case, verdict } from '../../runtime/base/world.ts';

/** A store that is another one for each call. */
class World implements EdgeStore {
  version = 0;
  run: Pick<EdgeRun, 'state' | 'keys'> = { state: null, keys: [] };
  show(run: Pick<EdgeRun, 'state' | 'keys'>): void {
    this.run = run;
    this.version += 1;
  }
  get(key: string): string | undefined {
    if (key !== 'state' || typeof this.run.state !== 'string') throw new Error('KeyNotFound');
    return this.run.state;
  }
  has(key: string): boolean {
    if (this.run.keys === null) throw new Error('Unavailable');
    return this.run.keys.includes(key);
  }
  *entries(): Iterable<readonly [string, string]> {
    if (typeof this.run.state === 'string') yield ['state', this.run.state];
    for (const key of this.run.keys ?? []) yield [key, '1'];
  }
}

const engines: [name: string, make: (options: { text: string; store: EdgeStore; maxBytes?: number }) => Engine][] = [
  ['node', nodeEngine],
  ...(needs('njs') || process.env.CI === 'true' ? [['njs', njsEngine] as [string, typeof njsEngine]] : []),
];

const opened: Engine[] = [];
afterAll(() => Promise.all(opened.map((engine) => engine.close())));

const CALL: EdgeCall = {
  event: {
    context: { requestId: 'r' },
    viewer: { ip: '127.0.0.1' },
    request: { method: 'GET', uri: '/', querystring: {}, headers: {}, cookies: {} },
  },
  rawQuery: undefined,
  now: 1_800_000_000_500,
};

describe.each(engines)('%s', (name, make) => {
  const world = new World();
  const open = (text: string, more: { maxBytes?: number } = {}): Engine => {
    const engine = make({ text, store: world, ...more });
    opened.push(engine);
    return engine;
  };
  /** Calls a handler with this body. */
  const call = (text: string): Promise<EdgeResult> | EdgeResult => open(text).run(CALL);
  const answer = async (body: string): Promise<unknown> =>
    ((await call(`async function handler(event){${body}}`)).answer as { got?: unknown } | undefined)?.got;

  it('gives every verdict of the corpus', async () => {
    const made = new Map<string, Engine>();
    const wrong: string[] = [];
    for (const family of Object.values(corpus).flat()) {
      const deployment = family.deployment ?? 'full';
      const engine = made.get(deployment) ?? open(await textOf(deployment), { maxBytes: 20_000 });
      made.set(deployment, engine);
      // V8 reads JSON by the letter.
      if (name === 'node' && family.engine) continue;
      for (const [index, [title, asked, expected]] of (family.cases as Case[]).entries()) {
        // All of them run under njs in the corpus's own test; what is of interest here is the way to it.
        if (name === 'njs' && index % 5 > 0) continue;
        const run = eventOf(asked);
        // A process that is told the store beforehand cannot be told that it will not answer.
        if (name === 'njs' && run.keys === null) continue;
        world.show(run);
        const got = verdict(await engine.run(run));
        if (got !== expected) wrong.push(`${family.attack}, ${title}: ${got} instead of ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('lets nothing of a call survive', async () => {
    const engine = open(
      'let calls=0;const list=[];async function handler(event){calls+=1;list.push(1);return {got:[calls,list.length]}}',
    );
    for (let i = 0; i < 3; i++) expect((await engine.run(CALL)).answer).toEqual({ got: [1, 1] });
  });

  it('lets time stand still', async () => {
    expect(await answer('return {got:[Date.now(),new Date().getTime(),new Date(5).getTime()]}')).toEqual(
      name === 'njs' ? [CALL.now, expect.any(Number), 5] : [CALL.now, CALL.now, 5],
    );
  });

  it('has crypto, Buffer and atob as CloudFront has them', async () => {
    expect(
      await answer(
        "const c=require('crypto');const d=c.createHmac('sha256',Buffer.from('key')).update('a').update('b').digest();" +
          "const b=Buffer.alloc(4);b.write('QUJD',1,'base64url');" +
          "return {got:[d.toString('hex'),c.createHash('md5').update('x').digest('base64url'),b.toString(),atob('w6k='),Buffer.byteLength('é')]}",
      ),
    ).toEqual([
      createHmac('sha256', 'key').update('ab').digest('hex'),
      createHash('md5').update('x').digest('base64url'),
      '\0ABC',
      'Ã©',
      2,
    ]);
  });

  it('says what was thrown, and goes on', async () => {
    const engine = open(
      "async function handler(event){if(event.request.uri==='/bad')throw new Error('oh');return {got:1}}",
    );
    const bad = { ...CALL, event: { ...CALL.event, request: { ...CALL.event.request, uri: '/bad' } } };
    expect((await engine.run(bad)).threw).toContain('oh');
    expect((await engine.run(CALL)).answer).toEqual({ got: 1 });
  });

  it('stops a call that does not end, and goes on', async () => {
    const engine = open("async function handler(event){if(event.request.uri==='/bad')for(;;){}return {got:1}}");
    const bad = { ...CALL, event: { ...CALL.event, request: { ...CALL.event.request, uri: '/bad' } } };
    expect((await engine.run(bad)).threw).toMatch(/^stopped after/);
    expect((await engine.run(CALL)).answer).toEqual({ got: 1 });
  });

  it('keeps calls that come at once apart', async () => {
    const engine = open(
      "let seen='';async function handler(event){const uri=event.request.uri;if(uri==='/bad')for(;;){}" +
        "if(uri==='/never')await new Promise(()=>{});seen+=uri;await null;" +
        'if(uri===\'/late\')(async()=>{for(let i=0;i<50;i++)await null;console.log("late")})();' +
        'console.log(uri);await null;return {got:seen}}',
    );
    const uris = ['/a', '/late', '/b', '/bad', '/c', '/never', '/d'];
    const ask = (uri: string) => ({ ...CALL, event: { ...CALL.event, request: { ...CALL.event.request, uri } } });
    const results = await Promise.all(uris.map((uri) => engine.run(ask(uri))));
    expect(results.map(({ answer, threw }) => (answer as { got?: string })?.got ?? threw?.slice(0, 7))).toEqual([
      '/a',
      '/late',
      '/b',
      'stopped',
      '/c',
      'no answ',
      '/d',
    ]);
    for (const index of [0, 2, 4, 6]) expect(results[index]?.logs).toEqual([uris[index]]);
  });

  it.runIf(name === 'node')('gives each call its time, however many come at once', async () => {
    const engine = open('async function handler(){let n=0;for(let i=0;i<3e6;i++)n+=i%7;return {got:n}}');
    const results = await Promise.all(Array.from({ length: 400 }, () => engine.run(CALL)));
    expect(results.filter(({ threw }) => threw !== undefined)).toEqual([]);
  });

  it('says so when the answer never comes', async () => {
    expect((await call('async function handler(event){await new Promise(()=>{})}')).threw).toBe('no answer');
  });

  it('takes no text above 10 KB', () => {
    const text = `async function handler(event){return event.request}//${'x'.repeat(10_240)}`;
    expect(() => open(text)).toThrow('10240');
  });

  it('has strict rules', async () => {
    expect((await call('async function handler(event){undeclared=1;return {got:1}}')).threw).toBeDefined();
  });
});

describe('the realm of the node engine', () => {
  const world = new World();
  const run = async (text: string): Promise<EdgeResult> => nodeEngine({ text, store: world }).run(CALL);
  const got = async (expression: string): Promise<unknown> =>
    ((await run(`async function handler(event){return {got:${expression}}}`)).answer as { got?: unknown } | undefined)
      ?.got;

  it.each([
    'process',
    'require("fs")',
    'setTimeout',
    'fetch',
    'Map',
    'globalThis.JSON',
    'this.JSON',
    '__call()',
    'WebAssembly',
    'eval("1")',
  ])('has no %s', async (expression) => {
    expect((await run(`async function handler(event){return {got:${expression}}}`)).threw).toBeDefined();
  });

  it.each([
    'Object.prototype.x=1',
    'JSON.parse=null',
    'Array.prototype.push=null',
    'Date.now=()=>0',
    'Buffer.from=null',
    'require("crypto").createHmac=null',
    'cf.kvs=null',
    'console.log=null',
    '(async()=>{}).constructor.prototype.x=1',
    'Promise.prototype.then=null',
  ])('refuses %s', async (expression) => {
    const text = `import cf from "cloudfront";async function handler(event){${expression};return {got:1}}`;
    expect((await run(text)).threw).toContain('TypeError');
  });

  it('makes no code out of text', async () => {
    const text = 'async function handler(event){return {got:(()=>{}).constructor("return 1")()}}';
    expect((await run(text)).threw).toContain('EvalError');
  });

  it('hands over nothing of the outside', async () => {
    for (const expression of [
      'event.constructor.constructor("return process")',
      'Buffer.from("a").constructor.constructor("return process")',
      'require("crypto").createHash("md5").update("a").digest().constructor.constructor("return process")',
    ])
      expect((await run(`async function handler(event){return {got:typeof (${expression})()}}`)).threw).toContain(
        'EvalError',
      );
    expect(await got('(()=>{try{Buffer.from("a","nonsense")}catch(e){return e instanceof Error}})()')).toBe(true);
  });
});
