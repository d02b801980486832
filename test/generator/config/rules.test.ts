import { describe, expect, it } from 'vitest';
import { check, cursors, example } from '../../helpers/config.ts';

const IN_LIVE = 'paths: [/live/]';
const IN_POLICY = 'lifetime: 4h';
const inPolicy = (text: string): string => example([IN_POLICY, `${IN_POLICY}\n    ${text}`]);
const inLive = (text: string): string => example([IN_LIVE, `${IN_LIVE}\n    ${text}`]);
const inProd = (text: string): string => example(['protected: true', `protected: true\n    ${text}`]);
const withAsset = (asset: string): string => example(['environments:', `assets:\n  one: ${asset}\nenvironments:`]);
const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
const domains = (...entries: string[]): string => example(['  prod:', `    domains: {${entries.join(', ')}}\n  prod:`]);

describe('rules: each finds its fault, at its place', () => {
  it.each<[rule: string, text: string, expected: string[]]>([
    ['an unknown policy', example(['policy: subscriber', 'policy: subscribr']), ['EP1201 10:13']],
    ['an unknown origin', inLive('origin: packger'), ['EP1201 10:13']],
    ['a host that is no delivery domain', inLive('hosts: [media.example.com]'), ['EP1201 10:13']],
    ['a path claimed twice', example(['[/vod/]', '[/live/]']), ['EP1202 12:13']],
    [
      'a path and an exclude claimed twice',
      example(['[/vod/]', '[/vod/]\n    exclude: [/live/]']),
      ['EP1202 13:15', 'EP1204 13:15'],
    ],
    [
      'an exclude of two streams that differ',
      example(
        [IN_LIVE, `${IN_LIVE}\n    exclude: [/ads/]\n    mode: report`],
        ['[/vod/]', '[/vod/]\n    exclude: [/ads/]'],
      ),
      ['EP1202 15:15', 'EP1209 11:11'],
    ],
    ['a stream inside another', example(['[/vod/]', '[/live/special/]']), ['EP1203 12:13']],
    ['an exclude over its own path', inLive('exclude: [/]'), ['EP1204 10:15']],
    ['a maximum below the lifetime', inLive('maxLifetime: 1h'), ['EP1205 10:18']],
    ['cities without countries', inPolicy('cities: [Lyon]'), ['EP1206 7:5']],
    [
      'a city as CloudFront does not write it',
      inPolicy('countries: [CH]\n    cities: ["Z\u00fcrich"]'),
      ['EP1206 8:14'],
    ],
    ['half a character', inPolicy('countries: [CH]\n    cities: ["Z\\uD800"]'), ['EP1206 8:14']],
    ['a city as CloudFront writes it', inPolicy('countries: [CH]\n    cities: [Z%C3%BCrich]'), []],
    ['a region outside the countries', inPolicy('countries: [FR]\n    regions: [US-CA]'), ['EP1206 8:15']],
    ['a fallback for nothing', inPolicy('fallback: [countries]'), ['EP1206 7:16']],
    ['a header that cannot be bound', inPolicy('bind: {headers: [host]}'), ['EP1206 7:22']],
    ['a whole address', inPolicy('bind: {ip: {v4: 32, v6: 56}}'), ['EP1208 7:21']],
    ['a part of one network', inPolicy('bind: {ip: {v4: 24, v6: 128}}'), ['EP1208 7:29']],
    ['a long life without session', example([IN_POLICY, 'lifetime: 2d\n    session: false']), ['EP1209 6:15']],
    ['a bound query on a player path', inPolicy('bind: {query: [device]}'), ['EP1207 11:13', 'EP1207 14:13']],
    ['cookies without credentials', inLive('carriage: {in: cookie}'), ['EP1207 10:20']],
    [
      'a binding to the carrying header',
      example(
        [IN_POLICY, `${IN_POLICY}\n    bind: {headers: [x-t]}`],
        [IN_LIVE, `${IN_LIVE}\n    carriage: {in: header, name: x-t}`],
      ),
      ['EP1206 11:34'],
    ],
    ['an upper-case header', inLive('carriage: {in: header, name: X-T}'), ['EP1206 10:34']],
    ['a stream that only reports, protected', inProd('streams: {vod: {mode: report}}'), ['EP1209 22:27']],
    [
      'plain HTTP, protected',
      example(['{domain: origin.example.com}', '{domain: origin.example.com, protocol: http}']),
      ['EP1209 3:52'],
    ],
    [
      'a bucket name without its Region',
      example(['{domain: origin.example.com}', '{type: s3, domain: bucket.example.com}']),
      ['EP1206 3:32'],
    ],
    [
      'a bucket without access control',
      example(['origin.example.com', 'b.s3.eu-west-1.amazonaws.com']),
      ['EP1209 3:22'],
    ],
    [
      'a port on a bucket',
      example(['{domain: origin.example.com}', '{type: s3, domain: b.s3.eu-west-1.amazonaws.com, port: 443}']),
      ['EP1206 3:68'],
    ],
    [
      'a port CloudFront cannot use',
      example(['origin.example.com}', 'origin.example.com, port: 500}']),
      ['EP1206 3:48'],
    ],
    [
      'a certificate of another account',
      domains(`a: {host: a.example.com, certificate: "${CERTIFICATE.replace('1111', '9999')}"}`),
      ['EP1206 18:53'],
    ],
    [
      'a host twice',
      domains(
        `a: {host: a.example.com, certificate: "${CERTIFICATE}"}`,
        `b: {host: a.example.com, certificate: "${CERTIFICATE}"}`,
      ),
      ['EP1206 18:151'],
    ],
    [
      'credentials for everybody',
      example(['environments:', 'cors: {credentials: true}\nenvironments:']),
      ['EP1206 14:21'],
    ],
    [
      'a wildcard beside a website',
      example(['environments:', 'cors: {origins: ["*", "https://a.example.com"]}\nenvironments:']),
      ['EP1206 14:18'],
    ],
    ['a policy nobody uses', example(['policies:\n', 'policies:\n  spare: {lifetime: 1h}\n']), ['EP1210 5:3']],
    ['an origin nobody uses', example(['origins:\n', 'origins:\n  first: {domain: a.example.com}\n']), ['EP1210 4:3']],
    ['an asset of an unknown stream', withAsset('{stream: vodd, path: /vod/a/}'), ['EP1201 15:17']],
    ['an asset with an unknown policy', withAsset('{stream: vod, path: /vod/a/, policy: free}'), ['EP1201 15:45']],
    ['an asset outside its stream', withAsset('{stream: vod, path: /live/a/}'), ['EP1211 15:28']],
    ['an asset in no stream', withAsset('{stream: vod, path: /vodka/}'), ['EP1211 15:28']],
    [
      'an asset that another stream takes over',
      `${withAsset('{stream: vod, path: /vod/live/a/}').replace('[/live/]', '[/vod/live/]')}`,
      ['EP1203 9:13', 'EP1211 15:28'],
    ],
    [
      'an asset in an excluded prefix',
      `${withAsset('{stream: vod, path: /vod/ads/a/}').replace('[/vod/]', '[/vod/]\n    exclude: [/vod/ads/]')}`,
      ['EP1211 16:28'],
    ],
    [
      'a policy of an asset without a session',
      withAsset('{stream: vod, path: /vod/a/, policy: free}').replace(
        'policies:\n',
        'policies:\n  free: {lifetime: 1h, session: false}\n',
      ),
      ['EP1212 16:45'],
    ],
    [
      'a policy of an asset that lives longer',
      withAsset('{stream: vod, path: /vod/a/, policy: long}').replace(
        'policies:\n',
        'policies:\n  long: {lifetime: 5h}\n',
      ),
      ['EP1212 16:45'],
    ],
    [
      'a policy of an asset for which no check is built',
      withAsset('{stream: vod, path: /vod/a/, policy: local}').replace(
        'policies:\n',
        'policies:\n  local: {lifetime: 1h, countries: [FR]}\n',
      ),
      ['EP1212 16:45'],
    ],
    ['a rule of a module', example(['environments:', 'modules: {extra: {level: 9}}\nenvironments:']), ['EP1301 14:26']],
  ])('%s', (_rule, text, expected) => {
    expect(cursors(text).sort()).toEqual([...expected].sort());
  });

  it.each<[string, string]>([
    [
      'streams on different hosts may share a path',
      `${domains(`a: {host: a.example.com, certificate: "${CERTIFICATE}"}`, `b: {host: b.example.com, certificate: "${CERTIFICATE}"}`)}`,
    ],
    [
      'streams that treat ads alike may share them',
      example([IN_LIVE, `${IN_LIVE}\n    exclude: [/ads/]`], ['[/vod/]', '[/vod/]\n    exclude: [/ads/]']),
    ],
    ['/movie1/ does not shadow /movie10/', example(['[/live/]', '[/movie1/]'], ['[/vod/]', '[/movie10/]'])],
    ['a fallback for listed countries', inPolicy('countries: [FR]\n    fallback: [countries]')],
    ['both families, wide', inPolicy('bind: {ip: {v4: 24, v6: 56}}')],
    ['an asset with the policy of its stream', withAsset('{stream: vod, path: /vod/a/, policy: subscriber}')],
    [
      'an asset with a stricter policy',
      withAsset('{stream: vod, path: /vod/, policy: short}').replace(
        'policies:\n',
        'policies:\n  short: {lifetime: 1m}\n',
      ),
    ],
    ['a maximum above the lifetime', inLive('maxLifetime: 6h')],
    [
      'cookies with credentials',
      example(
        [IN_LIVE, `${IN_LIVE}\n    carriage: {in: cookie}`],
        ['environments:', 'cors: {origins: ["https://a.example.com"], credentials: true}\nenvironments:'],
      ),
    ],
  ])('and not where there is none: %s', (_name, text) => {
    expect(cursors(text)).toEqual([]);
  });

  it('shows a finding of all environments once, and one of a single environment with its name', () => {
    const all = check(inPolicy('bind: {ip: {v4: 32}}')).diagnostics;
    expect(all.map((d) => [d.code, d.environment])).toEqual([['EP1208', undefined]]);
    const one = check(inProd('policies: {subscriber: {bind: {ip: {v4: 32}}}}')).diagnostics;
    expect(one.map((d) => [d.code, d.environment, d.place?.line])).toEqual([['EP1208', 'prod', 22]]);
  });
});
