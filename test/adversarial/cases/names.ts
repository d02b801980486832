/** Names that lead to something else in an object of a program: as headers, cookies, parameters, claims, hosts. */
import { type Asked, bind, claims, IPV4, NOW, SESSION, token } from '../../runtime/base/world.ts';
import {
  asked,
  bound,
  each,
  type Family,
  jsonWith,
  MISMATCH,
  MISSING,
  NOT_ALLOWED,
  PASS,
  vod,
  withClaims,
  withPayload,
} from '../build.ts';

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'length',
  'name',
  '__defineGetter__',
];
const own = (name: string, value: string): Record<string, string> => Object.fromEntries([[name, value]]);
const AGENT_OK = 'pass /agent/a';
const ua: [string, string] = ['user-agent', 'Player'];
const claim = (name: string, value: string): ReturnType<typeof withPayload> =>
  withPayload(jsonWith(/\}$/, `,${JSON.stringify(name)}:${value}}`));

export const namesOfObjects: Family[] = [
  {
    attack: 'as bound headers',
    cases: names.flatMap((name): Family['cases'] => [
      [`${name}, absent`, bound([ua, [name, 'x']], { 'user-agent': 'Player' }), MISMATCH],
      [`${name}, bound as empty`, bound([ua, [name, '']], { 'user-agent': 'Player' }), MISMATCH],
      [`${name}, bound as what an object gives`, bound([ua, [name, 'function']], { 'user-agent': 'Player' }), MISMATCH],
    ]),
  },
  {
    attack: 'as bound headers that are sent',
    cases: names
      .filter((name) => name !== '__proto__')
      .map((name) => [name, bound([ua, [name, 'x']], { 'user-agent': 'Player', ...own(name, 'x') }), AGENT_OK]),
  },
  {
    attack: 'as bound parameters',
    cases: names.flatMap((name): Family['cases'] => [
      [
        `${name}, absent`,
        asked(
          [
            ['device', 'tv'],
            [name, 'x'],
          ],
          'device=tv',
        ),
        MISMATCH,
      ],
      [
        `${name}, empty`,
        asked(
          [
            ['device', 'tv'],
            [name, ''],
          ],
          `device=tv&${name}=`,
        ),
        MISMATCH,
      ],
    ]),
  },
  {
    attack: 'as parameters, cookies and headers nobody reads',
    cases: names.flatMap((name): Family['cases'] => [
      [`parameter ${name}`, { uri: `/${vod}/vod/a`, query: `${name}=1&${name}=2` }, PASS],
      [`cookie ${name}`, { uri: `/${vod}/vod/a`, cookies: own(name, 'x') }, PASS],
      [`header ${name}`, { uri: `/${vod}/vod/a`, headers: own(name, 'x') }, PASS],
      [`parameter ${name} where one is read`, { uri: '/query/a', query: `${name}=${vod}` }, MISSING],
      [`cookie ${name} where one is read`, { uri: '/cookie/a', cookies: own(name, vod) }, MISSING],
      [`header ${name} where one is read`, { uri: '/header/a', headers: own(name, vod) }, MISSING],
    ]),
  },
  {
    attack: 'as claims',
    cases: [
      ...names.flatMap((name): Family['cases'] => [
        [`${name} is an object`, claim(name, `{"exp":1,"paths":["/"],"iat":${NOW + 999}}`), PASS],
        [`${name} is null`, claim(name, 'null'), PASS],
        [`${name} is a number`, claim(name, '1'), PASS],
      ]),
      ['claims by __proto__', withPayload(`{"__proto__":${JSON.stringify(claims(['/vod/']))}}`), '401 token_malformed'],
      [
        'exp by __proto__',
        withPayload(jsonWith('"exp":', `"__proto__":{"exp":${NOW + 600}},"x":`)),
        '401 token_malformed',
      ],
      [
        'a session by __proto__',
        {
          uri: `/${token(claims(['/vod/'], JSON.parse(`{"__proto__":{"ssn":"${SESSION}"}}`)), { session: SESSION })}/vod/a`,
        },
        '401 token_malformed',
      ],
      ['nbf by __proto__ is no claim', claim('__proto__', `{"nbf":${NOW + 500}}`), PASS],
      ['exc by __proto__ is no claim', claim('__proto__', '{"exc":["/vod/"]}'), PASS],
      ['paths by constructor', withPayload(jsonWith('"paths":', '"constructor":')), '401 token_malformed'],
    ],
  },
  {
    attack: 'as paths, sessions, hosts and places',
    cases: [
      ...names.flatMap((name): Family['cases'] => [
        [`path ${name}`, { uri: `/${token(claims([`/${name}/`]))}/${name}/a` }, NOT_ALLOWED],
        [`file ${name}`, { uri: `/${vod}/vod/${name}` }, `pass /vod/${name}`],
        [`host ${name}`, { uri: `/${token(claims(['/hosted/']))}/hosted/a`, headers: { host: name } }, NOT_ALLOWED],
        [
          `country ${name}`,
          { ...withClaims({ co: ['FR'] }), headers: { 'cloudfront-viewer-country': name } },
          '451 geo_not_allowed',
        ],
        [`address ${name}`, network(name), MISMATCH],
        [`method ${name}`, { uri: `/${vod}/vod/a`, method: name }, '403 method_not_allowed'],
      ]),
      ...each(
        '401 audience_mismatch',
        names.map((aud) => [`audience ${aud}`, withClaims({ aud: [aud] })]),
      ),
    ],
  },
];

function network(viewer: string): Asked {
  const content = bind(claims(['/network/'], { ip: 32, ip_ver: 4 }), [['i', '4/32', IPV4]]);
  return { uri: `/${token(content)}/network/a`, ip: viewer };
}
