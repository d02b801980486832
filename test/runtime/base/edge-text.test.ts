/** The text that ships: within the runtime's language and limits, with the code of this configuration only. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleEdge, fillSettings } from '../../../generator/bundle/edge.ts';
import { proveEdge } from '../../../generator/bundle/edge-proof.ts';
import type { Environment } from '../../../generator/modules/contract.ts';
import { edgeSettings } from '../../../runtime/base/edge-settings.ts';
import { bind, claims, edgeText, environment, options, state, table, token } from './world.ts';

/** A deployment with some of the streams of the big one. */
const only = (...names: string[]): Environment => ({
  ...environment,
  origins: Object.fromEntries(Object.entries(environment.origins).slice(0, 1)),
  streams: Object.fromEntries(
    names.map((name) => [name, environment.streams[name] as NonNullable<Environment['streams'][string]>]),
  ),
});

describe('function text', () => {
  it('is proved for a usual deployment, and small', async () => {
    const text = await edgeText(only('all'));
    expect(proveEdge(text)).toEqual([]);
    expect(text.length).toBeLessThanOrEqual(10_240);
  });

  it('breaks no rule but the size with every feature', async () => {
    expect(proveEdge(await edgeText()).map((fault) => fault.rule)).toEqual(['size']);
  });

  it.each<[string, Environment, RegExp]>([
    ['geography', only('session'), /viewer-country/],
    ['regions', only('country'), /-region|viewer-city/],
    ['addresses', only('country'), /ffff/],
    ['binding', only('session'), /edgepass-bind/],
    ['query', only('vod', 'all'), /querystring|rawQuery/],
    ['cookies', only('vod', 'query'), /cookies/],
    ['origins', only('vod'), /selectRequestOrigin/],
  ])('has no code for %s where none is needed', async (_name, env, code) => {
    expect(await edgeText(env)).not.toMatch(code);
    expect(await edgeText()).toMatch(code);
  });

  it('is the same text each time', async () => {
    expect(await edgeText()).toBe(await edgeText());
  });
});

const sub =
  (name: string): (() => Promise<string>) =>
  () =>
    edgeText(only(name));
table(
  'claims whose check is left out are refused, not skipped',
  [
    ['plain', { uri: `/${token(claims(['/session/'], { ssn: 's'.repeat(22) }))}/session/a` }, 'pass /session/a'],
    ...(
      [
        ['co', { co: ['FR'] }],
        ['reg', { reg: ['US-CA'] }],
        ['headers', bind(claims(['/session/'], { headers: ['accept'] }), [['h', 'accept', '*/*']])],
        ['qs', bind(claims(['/session/'], { qs: ['a'] }), [['q', 'a', '1']])],
        ['ip', bind(claims(['/session/'], { ip: 32, ip_ver: 4 }), [['i', '4/32', '203.0.113.77']])],
        ['exc', { exc: ['/ads/'] }],
      ] as [string, Record<string, unknown>][]
    ).map(
      ([name, more]): [
        string,
        { uri: string; query: string; headers: Record<string, string>; state: string },
        string,
      ] => [
        name,
        {
          uri: `/${token(claims(['/session/'], { ssn: 's'.repeat(22), ...more }))}/session/a`,
          query: 'a=1',
          headers: { 'cloudfront-viewer-country': 'FR' },
          state: state(),
        },
        '403 policy_not_met',
      ],
    ),
  ],
  sub('session'),
);

describe('bundling', () => {
  const build = (source: string): Promise<{ text: string; inputs: string[] }> => {
    const folder = mkdtempSync(join(tmpdir(), 'edgepass-edge-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const entry = join(folder, 'entry.ts');
    writeFileSync(entry, source);
    return bundleEdge({ entry, flags: { ON: true, OFF: false } });
  };

  it.each([
    ['for of', 'let n = 0; for (const x of e) n += x; return n;'],
    ['destructuring', 'const { a } = e; return a;'],
    ['a class', 'class A { x = 1 } return new A();'],
    ['spread in calls of new', 'return new e(...e);'],
  ])('fails on %s', async (_name, body) => {
    await expect(build(`export async function handler(e) { ${body} }`)).rejects.toThrow();
  });

  it('leaves a top-level handler, imports in front, and the placeholder', async () => {
    const { text, inputs } = await build(
      `import crypto from 'node:crypto'; const s = SETTINGS; function unused() { return 1 }
       export async function handler(event) { return FLAG_ON && !FLAG_OFF ? [crypto, s.a, event] : 'dropped'; }`,
    );
    expect(text).toMatch(/^import \w+ from"crypto";/);
    expect(text).toMatch(/async function handler\(\w+\)/);
    expect(text).not.toMatch(/export|unused|dropped|FLAG_/);
    expect(inputs).toHaveLength(1);
    expect(fillSettings(text, { a: 1 })).toContain('{"a":1}');
  });

  it.each([
    ['nothing', 'export const other = 1;'],
    ['something else', 'export async function handler() {} export const other = 1;'],
  ])('refuses an entry that exports %s', async (_name, source) => {
    await expect(build(source)).rejects.toThrow(/"handler"/);
  });

  it('escapes what could end a script or leave ASCII', () => {
    const filled = fillSettings('const s=SETTINGS;', { a: '</script>\u2028\u2029\u00e9\u{1f3ac}\u007f' });
    expect(filled).toBe('const s={"a":"\\u003c/script>\\u2028\\u2029\\u00e9\\ud83c\\udfac\\u007f"};');
  });

  it.each([['const s=1;'], ['const s=SETTINGS,t=SETTINGS;'], ['const s={SETTINGS:1}.SETTINGS;']])(
    'refuses to fill %j',
    (text) => {
      expect(() => fillSettings(text, {})).toThrow(/SETTINGS/);
    },
  );
});

describe('settings', () => {
  const change = (name: string, more: object): Environment => ({
    ...environment,
    streams: { ...environment.streams, [name]: { ...(environment.streams[name] as object), ...more } as never },
  });

  it.each<[string, Environment]>([
    ['two streams with the same path', change('session', { paths: ['/vod/'] })],
    ['a path that another excludes', change('session', { paths: ['/ads/'] })],
    ['a shared exclude with other modes', change('other', { mode: 'report' })],
    ['a path that is not canonical', change('vod', { paths: ['/a//'] })],
    ['a path without its slash', change('vod', { paths: ['/a'] })],
    ['an unknown policy', change('vod', { policy: 'nobody' })],
  ])('refuse %s', (_name, env) => {
    expect(() => edgeSettings(env, options)).toThrow(/stream/);
  });

  it('let a stream bound to a host share a path with one that is not', () => {
    const { settings } = edgeSettings(change('hosted', { paths: ['/vod/'] }), options);
    expect(settings.routes.filter((route) => route.prefix === '/vod/').map((route) => route.hosts)).toEqual([
      ['media.example.com'],
      undefined,
    ]);
  });
});
