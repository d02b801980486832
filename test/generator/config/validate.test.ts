import { describe, expect, it } from 'vitest';
import { check, cursors, example } from '../../helpers/config.ts';

const first = (text: string): { message: string; hint: string; path: string } => {
  const [diagnostic] = check(text).diagnostics;
  return { message: diagnostic?.message ?? '', hint: diagnostic?.hint ?? '', path: diagnostic?.path ?? '' };
};

describe('validate: the cursor goes to the mistake', () => {
  it('finds nothing wrong with the example', () => {
    expect(check(example()).diagnostics).toEqual([]);
  });

  it.each<[name: string, text: string, expected: string]>([
    ['an unknown key at the top', example(['project:', 'projects: x\nproject:']), 'EP1101 1:1'],
    ['an unknown key in a policy', example(['lifetime: 4h', 'lifetime: 4h\n    sesion: true']), 'EP1101 7:5'],
    [
      'an unknown key in a flow map',
      example(['{domain: origin.example.com}', '{domain: origin.example.com, prot: 8443}']),
      'EP1101 3:42',
    ],
    ['an unknown module', example(['environments:', 'modules: {bse: {}}\nenvironments:']), 'EP1101 14:11'],
    [
      'an unknown module setting',
      example(['environments:', 'modules: {base: {edge: {lgo: all}}}\nenvironments:']),
      'EP1101 14:25',
    ],
    ['an unknown key in an overlay', example(['protected: true', 'streams: {vod: {mod: off}}']), 'EP1101 21:21'],
    ['a missing key', example(['    lifetime: 4h', '    session: true']), 'EP1102 5:3'],
    ['a missing section', 'project: acme-video\n', 'EP1102 1:1'],
    ['a number where text is wanted', example(['project: acme-video', 'project: 12']), 'EP1103 1:10'],
    ['text where a map is wanted', example(['{domain: origin.example.com}', 'origin.example.com']), 'EP1103 3:13'],
    ['a list where a map is wanted', example(['  live:\n', '  live: []\n  life:\n']), 'EP1103 8:3'],
    ['nothing where a map is wanted', example(['{domain: origin.example.com}', '']), 'EP1103 3:13'],
    [
      'a value that is not allowed',
      example(['paths: [/live/]', 'paths: [/live/]\n    mode: enforced']),
      'EP1104 10:11',
    ],
    ['a wrong form', example(['lifetime: 4h', 'lifetime: 4 hours']), 'EP1105 6:15'],
    ['a path without its last slash', example(['[/live/]', '[/live]']), 'EP1105 9:13'],
    ['a path with a dot segment', example(['[/live/]', '[/live/../]']), 'EP1105 9:13'],
    [
      'a carriage named like a member of every object',
      example(['paths: [/live/]', 'paths: [/live/]\n    carriage: {in: query, name: constructor}']),
      'EP1105 10:33',
    ],
    ['an impossible name', example(['  live:', '  Live!:']), 'EP1105 8:3'],
    ['a number out of range', example(['lifetime: 4h', 'lifetime: 4h\n    bind: {ip: {v4: 8}}']), 'EP1106 7:21'],
    ['an item twice', example(['[/live/]', '[/live/, /live/]']), 'EP1106 9:13'],
    ['an account without quotes', example(['"111111111111"', '111111111111']), 'EP1107 16:14'],
    ['an account with a leading zero', example(['"111111111111"', '012345678901']), 'EP1107 16:14'],
    ['an account of eleven digits', example(['"111111111111"', '"11111111111"']), 'EP1105 16:14'],
  ])('%s', (_name, text, expected) => {
    expect(cursors(text)).toContain(expected);
  });

  it('reports the account as it was typed, with its leading zero', () => {
    expect(first(example(['"111111111111"', '012345678901'])).hint).toBe('Put quotes around it: "012345678901".');
  });

  it.each<[string, string, string]>([
    ['the nearest key', example(['lifetime: 4h', 'lifetme: 4h']), 'Did you mean `lifetime`?'],
    ['the nearest module', example(['environments:', 'modules: {bsae: {}}\nenvironments:']), 'Did you mean `base`?'],
    [
      'the nearest value',
      example(['paths: [/live/]', 'paths: [/live/]\n    mode: reprot']),
      'Did you mean `report`? Allowed: enforce, report, off.',
    ],
    [
      'where the key belongs',
      example(['lifetime: 4h', 'lifetime: 4h\n    exclude: [/ads/]']),
      '`exclude` belongs at `streams.<name>.exclude`.',
    ],
    ['an example of the form', example(['lifetime: 4h', 'lifetime: four']), 'Write it like `"4h"`.'],
    [
      'an example of the missing key',
      example(['    lifetime: 4h', '    session: true']),
      'Add it, for example `lifetime: "4h"`.',
    ],
    [
      'the nearest number',
      example(['environments:', 'modules: {base: {edge: {logRetention: 25}}}\nenvironments:']),
      expect.stringMatching(/^Did you mean `30`\? Allowed: 1, 3, 5, 7, 14, 30, /) as unknown as string,
    ],
    ['a form, where quotes alone do not help', example(['lifetime: 4h', 'lifetime: 4']), 'Write it like `"4h"`.'],
  ])('suggests %s', (_name, text, hint) => {
    expect(check(text).diagnostics.map((d) => d.hint)).toContainEqual(hint);
  });

  it.each<[string, string, string]>([
    [
      'a number',
      example(['lifetime: 4h', 'lifetime: 4h\n    bind: {ip: {v4: 8}}']),
      '`policies.subscriber.bind.ip.v4` is 8.',
    ],
    ['a list', example(['[/live/]', '[]']), '`streams.live.paths` has 0 items.'],
    ['text', example(['[/live/]', `[/${'a'.repeat(999)}/]`]), '`streams.live.paths.0` has 1001 characters.'],
    ['a map', example(['  packager: {domain: origin.example.com}', ' {}']), '`origins` has 0 entries.'],
  ])('says how much there is of %s that is out of range', (_name, text, message) => {
    expect(check(text).diagnostics.map((d) => d.message)).toContain(message);
  });

  it('names the path in the document', () => {
    expect(first(example(['protected: true', 'streams: {vod: {mod: off}}'])).path).toBe(
      '/environments/prod/streams/vod/mod',
    );
  });

  it('allows null only in an environment', () => {
    expect(cursors(example(['protected: true', 'tags: null\n    streams: {vod: {exclude: null}}']))).toEqual([]);
    expect(cursors(example(['environments:', 'tags: null\nenvironments:']))).toEqual(['EP1103 14:7']);
  });

  it('does not let an environment switch off a module that is always on', () => {
    expect(cursors(example(['protected: true', 'modules: {base: null}']))).toEqual(['EP1103 21:21']);
  });
});
