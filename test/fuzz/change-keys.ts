/** Changes of what binds and signs, and of the protected header. */
import { testKey } from '../helpers/sign.ts';
import { K1, K2 } from '../runtime/base/world.ts';
import { type Change, damage, setMember } from './change.ts';
import { OTHERS, VALUES } from './change-claims.ts';
import { type Draft, KEYS } from './draft.ts';

const HEADERS = ['none', 'None', 'HS512', 'RS256', '', null, 1, ['HS256']];
const KIDS: unknown[] = [
  'key-9',
  '__proto__',
  'constructor',
  '',
  'key-1 ',
  'k'.repeat(17),
  null,
  1,
  ['key-1'],
  'key-2',
  'key-1',
  'state',
];

const object = (draft: Draft): Record<string, unknown> => {
  const { header } = draft;
  return typeof header === 'string' ? { alg: 'HS256', kid: draft.key.kid } : { ...(header as object) };
};

export const keyChanges: Change[] = [
  {
    name: 'bound for other claims',
    apply: (d, r) => {
      const claim = r.pick(['iat', 'exp', 'ssn', 'headers', 'ip']);
      const value = d.claims[claim];
      d.boundFor = {
        [claim]: typeof value === 'number' ? value - 1 : Array.isArray(value) ? value.slice(1) : 'x'.repeat(22),
      };
    },
  },
  {
    name: 'bound with another key',
    apply: (d, r) => {
      d.bindWith = r.pick([d.key.sign, K1.bind, K2.bind, '', testKey('x').bind]);
    },
  },
  {
    name: 'an intsig of its own',
    apply: (d, r) => {
      d.bind = 'none';
      setMember(d.claims, 'intsig', r.pick(['', 'A'.repeat(43), 'x', d.key.bind]));
    },
  },
  {
    name: 'no intsig',
    apply: (d) => {
      d.bind = 'none';
      delete d.claims.intsig;
    },
  },
  {
    name: 'bound to what is sent now',
    apply: (d) => {
      d.bind = 'now';
    },
  },
  {
    name: 'signed with another key',
    apply: (d, r) => {
      d.signWith = r.pick([d.key.bind, K1.sign, K2.sign, '', testKey('x').sign]);
    },
  },
  {
    name: 'the other key',
    apply: (d, r) => {
      d.key = r.pick([...KEYS, testKey('key-9')]);
      d.signWith = d.key.sign;
      d.bindWith = d.key.bind;
      d.header = { alg: 'HS256', typ: 'JWT', kid: d.key.kid };
    },
  },
  {
    name: 'another algorithm',
    apply: (d, r) => {
      d.header = { ...object(d), alg: r.pick(HEADERS) };
    },
  },
  {
    name: 'another kid',
    apply: (d, r) => {
      d.header = { ...object(d), kid: r.pick(KIDS) };
    },
  },
  {
    name: 'another type',
    apply: (d, r) => {
      d.header = { ...object(d), typ: r.pick(['jwt', 'at+jwt', '', null, 'JWT', undefined]) };
    },
  },
  {
    name: 'something critical',
    apply: (d, r) => {
      d.header = { ...object(d), crit: r.pick([['exp'], [], null, '']) };
    },
  },
  {
    name: 'further header members',
    apply: (d, r) => {
      const made = object(d);
      setMember(made, r.pick([...OTHERS, 'jku', 'b64']), r.pick(VALUES));
      d.header = made;
    },
  },
  {
    name: 'header text damaged',
    apply: (d, r) => {
      d.header = damage(JSON.stringify(object(d)), r, [
        '"',
        ' ',
        ',',
        '{',
        '}',
        '\\u0061',
        '\n',
        ':',
        '1',
        'null',
        '"alg":"none",',
        '"kid":"key-1",',
        '\u00e9',
        '\u0000',
      ]);
    },
  },
];
