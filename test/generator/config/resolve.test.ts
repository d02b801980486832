import { describe, expect, it } from 'vitest';
import { explainPath } from '../../../generator/config/explain.ts';
import { resolve } from '../../../generator/config/resolve.ts';
import { check, cursors, example } from '../../helpers/config.ts';

const OVERLAID = example(
  ['lifetime: 4h', 'lifetime: 4h\n    countries: [FR, BE]\n    bind: {ip: {v4: 24, v6: 56}}'],
  ['protected: true', 'policies: {subscriber: {countries: [DE], bind: {ip: {v6: null}}}}\n    modules: {extra: {}}'],
);

const settings = (text: string, name: string): Record<string, never> => {
  const found = check(text).environments.find((e) => e.name === name);
  return found?.settings as Record<string, never>;
};

describe('resolve: defaults, top level, overlay', () => {
  it('merges maps, replaces lists and removes with null', () => {
    expect(settings(OVERLAID, 'prod').policies).toMatchObject({
      subscriber: {
        lifetime: '4h',
        session: true,
        countries: ['DE'],
        bind: { ip: { v4: 24 }, headers: [], query: [] },
      },
    });
    expect(settings(OVERLAID, 'prod').policies).not.toHaveProperty('subscriber.bind.ip.v6');
    expect(settings(OVERLAID, 'dev').policies).toMatchObject({
      subscriber: { countries: ['FR', 'BE'], bind: { ip: { v4: 24, v6: 56 } } },
    });
  });

  it('gives the settings of a module that is always on, and of others only where they are on', () => {
    expect(settings(OVERLAID, 'dev').modules).toHaveProperty('base.edge.unmatched', 'refuse');
    expect(settings(OVERLAID, 'dev').modules).not.toHaveProperty('extra');
    expect(settings(OVERLAID, 'prod').modules).toHaveProperty('extra.level', 3);
  });

  it('switches a module off with null', () => {
    const text = example(
      ['environments:', 'modules: {extra: {level: 5}}\nenvironments:'],
      ['protected: true', 'modules: {extra: null}'],
    );
    expect(settings(text, 'dev').modules).toHaveProperty('extra.level', 5);
    expect(settings(text, 'prod').modules).not.toHaveProperty('extra');
  });

  it('freezes what it returns, to the last leaf', () => {
    const { policies } = settings(OVERLAID, 'dev') as Record<string, Record<string, object>>;
    expect(() => Object.assign(policies?.subscriber ?? {}, { session: false })).toThrow(TypeError);
  });

  it('does not let one environment see another one’s overlay', () => {
    expect(settings(OVERLAID, 'dev')).not.toEqual(settings(OVERLAID, 'prod'));
    expect(settings(OVERLAID, 'dev').account).toBe('111111111111');
  });

  it('finds faults that only show after merging, in the overlay that causes them', () => {
    expect(cursors(example(['protected: true', 'streams: {vod: {policy: null}}']))).toEqual(['EP1102 21:21']);
    expect(cursors(example(['protected: true', 'streams: {live: null, vod: null}']))).toEqual(['EP1106 21:5']);
    expect(cursors(example(['protected: true', 'streams: {extra: {mode: off}}']))).toEqual([
      'EP1102 21:15',
      'EP1102 21:15',
    ]);
  });

  it('suggests the nearest environment', () => {
    const { config } = check(example());
    if (config === undefined) throw new Error('the example is not valid');
    const result = resolve(config, 'prd');
    expect(result.diagnostics[0]).toMatchObject({ code: 'EP1401', hint: 'Did you mean `prod`? Defined: dev, prod.' });
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not take %s for an environment', (name) => {
    const { config } = check(example());
    if (config === undefined) throw new Error('the example is not valid');
    expect(resolve(config, name).diagnostics.map((d) => d.code)).toEqual(['EP1401']);
  });
});

describe('explain: where a value comes from', () => {
  const explain = (path: string, name: string) => {
    const environment = check(OVERLAID).environments.find((e) => e.name === name);
    if (environment === undefined) throw new Error('not valid');
    return explainPath(environment, path);
  };

  it('names overlay, top level and default, innermost first', () => {
    const list = explain('/policies/subscriber/countries', 'prod');
    expect(list.ok && list.value.layers).toEqual([
      { layer: 'environment', value: ['DE'], place: 'config.yaml:23:29' },
      { layer: 'top', value: ['FR', 'BE'], place: 'config.yaml:7:5' },
    ]);
    const session = explain('/policies/subscriber/session', 'prod');
    expect(session.ok && session.value.layers).toEqual([{ layer: 'default', value: true }]);
  });

  it('tells of a removed value, and of one that was never set', () => {
    const removed = explain('/policies/subscriber/bind/ip/v6', 'prod');
    expect(removed.ok && removed.value.layers.map((l) => [l.layer, l.value])).toEqual([
      ['environment', null],
      ['top', 56],
    ]);
    const unset = explain('/streams/live/maxLifetime', 'dev');
    expect(unset.ok && unset.value.text).toContain('not set');
  });

  it('gives the schema’s words', () => {
    const mode = explain('/streams/live/mode', 'dev');
    expect(mode.ok && mode.value).toMatchObject({ value: 'enforce', title: 'Enforcement mode' });
  });

  it('suggests the nearest path', () => {
    expect(explain('/streams/lve/mode', 'dev').diagnostics[0]).toMatchObject({
      code: 'EP1402',
      hint: 'Did you mean `streams.live`?',
    });
    expect(explain('/streams/live/mod', 'dev').diagnostics[0]).toMatchObject({
      code: 'EP1402',
      hint: 'Did you mean `streams.live.mode`?',
    });
    expect(explain('/streams/constructor', 'dev').ok).toBe(false);
  });
});
