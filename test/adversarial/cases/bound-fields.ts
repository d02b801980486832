/** Bound headers and parameters that are absent, repeated, empty, too long, or sent as something else. */
import { AGENT, type Asked, bind, claims, K1, K2, NOW, SESSION, token } from '../../runtime/base/world.ts';
import { asked, bound, each, type Family, MALFORMED, MISMATCH, PASS, POLICY, QUERY } from '../build.ts';

const ua: [string, string][] = [['user-agent', AGENT]];
const tv: [string, string][] = [['device', 'tv']];
const OK = 'pass /agent/a';
const DEVICE = 'pass /device/a';
const kb = 'x'.repeat(1024);
const two: [string, string][] = [...ua, ['x-b', 'b']];

/** A token whose claims say one thing and whose `intsig` was made over another. */
function mixed(names: Record<string, unknown>, over: Parameters<typeof bind>[1], sent: Partial<Asked>): Asked {
  return { uri: `/${token(bind(claims(['/agent/'], names), over))}/agent/a`, ...sent };
}

const own = claims(['/agent/'], { headers: ['user-agent'], ssn: SESSION });
const over: Parameters<typeof bind>[1] = [['h', 'user-agent', AGENT]];
/** The token of `own` with the `intsig` of other claims or keys. */
const borrowed = (content: Record<string, unknown>, key = K1): Asked => ({
  uri: `/${token({ ...own, intsig: bind(content, over, key).intsig })}/agent/a`,
});

export const boundFields: Family[] = [
  {
    attack: 'a bound header that is not as it was',
    cases: [
      ['as it was', bound(ua, {}), OK],
      [
        'in a request with many others',
        bound(ua, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x-${i}`, 'y']))),
        OK,
      ],
      ...each(MISMATCH, [
        ['absent', bound([['x-tv', 'a']].concat(ua) as typeof ua, {})],
        ['empty', bound(ua, { 'user-agent': '' })],
        ['empty, and bound as empty', bound([['user-agent', '']], { 'user-agent': '' })],
        ['twice the same', bound(ua, { 'user-agent': [AGENT, AGENT] })],
        ['twice, the right one first', bound(ua, { 'user-agent': [AGENT, 'x'] })],
        ['twice, the right one last', bound(ua, { 'user-agent': ['x', AGENT] })],
        ['twice, one empty', bound(ua, { 'user-agent': [AGENT, ''] })],
        ['joined by a comma', bound(ua, { 'user-agent': `${AGENT},${AGENT}` })],
        ['upper case', bound(ua, { 'user-agent': AGENT.toUpperCase() })],
        ['a blank in front', bound(ua, { 'user-agent': ` ${AGENT}` })],
        ['a blank behind', bound(ua, { 'user-agent': `${AGENT} ` })],
        ['a letter less', bound(ua, { 'user-agent': AGENT.slice(0, -1) })],
        ['a letter more', bound(ua, { 'user-agent': `${AGENT}x` })],
        ['a NUL behind', bound(ua, { 'user-agent': `${AGENT}\u0000` })],
        ['a look-alike', bound(ua, { 'user-agent': AGENT.replace('a', '\u0430') })],
        ['composed and decomposed', bound([['user-agent', '\u00e9']], { 'user-agent': 'e\u0301' })],
        ['1,025 bytes', bound([['user-agent', `${kb}x`]], { 'user-agent': `${kb}x` })],
        [
          '513 letters of two bytes',
          bound([['user-agent', '\u00e9'.repeat(513)]], { 'user-agent': '\u00e9'.repeat(513) }),
        ],
        ['32 KB', bound([['user-agent', kb.repeat(32)]], { 'user-agent': kb.repeat(32) })],
        ['one of two absent', bound(two, {})],
        ['one of two empty', bound(two, { 'x-b': '' })],
        ['one of two repeated', bound(two, { 'x-b': ['b', 'b'] })],
        [
          'swapped',
          bound(
            [
              ['user-agent', 'a'],
              ['x-b', 'b'],
            ],
            { 'user-agent': 'b', 'x-b': 'a' },
          ),
        ],
        ['in the query instead', { ...bound([...ua, ['device', 'tv']], {}), query: 'device=tv' }],
        ['in a cookie instead', { ...bound([...ua, ['device', 'tv']], {}), cookies: { device: 'tv' } }],
        ['named in upper case by the token', bound([...ua, ['X-B', 'b']], { 'x-b': 'b' })],
        ['named with a blank by the token', bound([...ua, ['x-b ', 'b']], { 'x-b': 'b' })],
      ]),
      ...each(OK, [
        ['1,024 bytes', bound([['user-agent', kb]], { 'user-agent': kb })],
        [
          '512 letters of two bytes',
          bound([['user-agent', '\u00e9'.repeat(512)]], { 'user-agent': '\u00e9'.repeat(512) }),
        ],
        [
          '256 letters of four bytes',
          bound([['user-agent', '\u{1f3ac}'.repeat(256)]], { 'user-agent': '\u{1f3ac}'.repeat(256) }),
        ],
        ['one byte', bound([['user-agent', 'x']], { 'user-agent': 'x' })],
        ['a zero', bound([['user-agent', '0']], { 'user-agent': '0' })],
        ['the word null', bound([['user-agent', 'null']], { 'user-agent': 'null' })],
        ['blanks only', bound([['user-agent', '  ']], { 'user-agent': '  ' })],
        ['two of them', bound(two, { 'x-b': 'b' })],
        ['two of them in another order', bound([two[1], two[0]] as typeof two, { 'x-b': 'b' })],
        ['the same one twice in the claim', bound([...ua, ...ua], {})],
        ['the host', bound([...ua, ['host', 'd111111abcdef8.cloudfront.net']], {})],
        [
          'letters beyond ASCII',
          bound([['user-agent', 'T\u00e9l\u00e9 \u65e5\u672c \u{1f4fa}']], {
            'user-agent': 'T\u00e9l\u00e9 \u65e5\u672c \u{1f4fa}',
          }),
        ],
      ]),
    ],
  },
  {
    attack: 'a bound parameter that is not as it was',
    cases: [
      ...each(DEVICE, [
        ['as it was', asked(tv, 'device=tv')],
        ['among others', asked(tv, 'a=1&device=tv&b=2')],
        ['with = inside', asked([['device', 'a=b=c']], 'device=a=b=c')],
        ['a + is a +', asked([['device', 'a+b']], 'device=a+b')],
        ['an escape is an escape', asked([['device', 'a%20b']], 'device=a%20b')],
        ['a broken escape too', asked([['device', 'a%2']], 'device=a%2')],
        ['1,024 bytes', asked([['device', kb]], `device=${kb}`)],
        ['two of them', asked([...tv, ['x', '1']], 'x=1&device=tv')],
        ['the name of a header', asked([...tv, ['host', 'h']], 'host=h&device=tv')],
      ]),
      ...each(MISMATCH, [
        ['absent', asked(tv, '')],
        ['empty', asked(tv, 'device=')],
        ['empty, and bound as empty', asked([['device', '']], 'device=')],
        ['without value', asked([['device', '']], 'device')],
        ['twice the same', asked(tv, 'device=tv&device=tv')],
        ['twice, the right one first', asked(tv, 'device=tv&device=pc')],
        ['twice, the right one last', asked(tv, 'device=pc&device=tv')],
        ['twice, one empty', asked(tv, 'device=tv&device=')],
        ['twice, one without value', asked(tv, 'device&device=tv')],
        ['escaped', asked(tv, 'device=%74v')],
        ['upper case', asked(tv, 'device=TV')],
        ['name in upper case', asked(tv, 'Device=tv')],
        ['+ for a blank', asked([['device', 'a b']], 'device=a+b')],
        ['lower-case escape', asked([['device', 'a%2Fb']], 'device=a%2fb')],
        ['1,025 bytes', asked([['device', `${kb}x`]], `device=${kb}x`)],
        ['in a header instead', { ...asked(tv, ''), headers: { device: 'tv' } }],
        ['in a cookie instead', { ...asked(tv, ''), cookies: { device: 'tv' } }],
        ['a = too many', asked(tv, 'device==tv')],
        ['swapped', asked([...tv, ['x', '1']], 'device=1&x=tv')],
      ]),
      ...each(
        QUERY,
        [
          'd%65vice=tv',
          '%64evice=tv',
          'device%3Dtv',
          'device[]=tv',
          'device[0]=tv',
          'device=tv;device=pc',
          'device=tv;',
          ';device=tv',
          '&device=tv',
        ]
          .concat([
            'device=tv&',
            'device=tv&&a=1',
            '=tv',
            '=tv&device=tv',
            'device=tv&=',
            'device=tv&+a=1',
            'device=tv&a b=1',
            'device=tv&%00=1',
            'device%20=tv',
          ])
          .concat([
            'device=tv&d\u00e9vice=1',
            'device=tv&a/b=1',
            'device=tv&a?=1',
            '?device=tv',
            'device=tv&a:b=1',
            'device=tv&"a"=1',
            'device=tv&\u0000',
            'device=tv&a\n=1',
          ])
          .concat([
            'device=tv\n&',
            'device=tv&a;b',
            'device=tv&*',
            "device=tv&'=1",
            'device\u0000=tv',
            'device=tv&$=1',
            'device=tv&@a',
          ])
          .map((query) => [JSON.stringify(query), asked(tv, query)]),
      ),
      ['parsed only: as it was', { ...asked(tv, 'a=1&device=tv'), raw: false }, DEVICE],
      ['parsed only: twice', { ...asked(tv, 'device=tv&device=tv'), raw: false }, MISMATCH],
      ['parsed only: another spelling', { ...asked(tv, 'device=tv&dev%69ce=pc'), raw: false }, QUERY],
      ['parsed only: a semicolon', { ...asked(tv, 'device=tv&a=1;device=pc'), raw: false }, QUERY],
    ],
  },
  {
    attack: 'an intsig of something else',
    cases: [
      ['its own', borrowed(own), OK],
      ...each(MISMATCH, [
        ['made with the sign key', borrowed(own, { ...K1, bind: K1.sign })],
        ['made with the bind key of another kid', borrowed(own, K2)],
        ['of another session', borrowed({ ...own, ssn: 'y'.repeat(22) })],
        ['of no session', borrowed({ ...own, ssn: undefined })],
        ['of another issue', borrowed({ ...own, iat: NOW - 61 })],
        ['of another end', borrowed({ ...own, exp: NOW + 601 })],
        ['of another audience', borrowed({ ...own, aud: 'acme/prod' })],
        ['with times swapped', borrowed({ ...own, iat: own.exp, exp: own.iat })],
        ['cut', { uri: `/${token({ ...own, intsig: String(bind(own, over).intsig).slice(0, -1) })}/agent/a` }],
        ['longer', { uri: `/${token({ ...own, intsig: `${bind(own, over).intsig}A` })}/agent/a` }],
        ['padded', { uri: `/${token({ ...own, intsig: `${bind(own, over).intsig}=` })}/agent/a` }],
        ['a blank behind', { uri: `/${token({ ...own, intsig: `${bind(own, over).intsig} ` })}/agent/a` }],
        [
          'in hexadecimal',
          {
            uri: `/${token({ ...own, intsig: Buffer.from(String(bind(own, over).intsig), 'base64url').toString('hex') })}/agent/a`,
          },
        ],
        ['empty', { uri: `/${token({ ...own, intsig: '' })}/agent/a` }],
        ['zeros', { uri: `/${token({ ...own, intsig: 'A'.repeat(43) })}/agent/a` }],
        ['over nothing, the header gone', mixed({ headers: ['user-agent', 'x-tv'] }, [], {})],
        ['over nothing, the header empty', mixed({ headers: ['user-agent'] }, [], { headers: { 'user-agent': '' } })],
        [
          'over nothing, the header twice',
          mixed({ headers: ['user-agent'] }, [], { headers: { 'user-agent': ['a', 'a'] } }),
        ],
        ['over nothing, the parameter gone', mixed({ headers: ['user-agent'], qs: ['a'] }, over, {})],
        [
          'over nothing, the parameter twice',
          mixed({ headers: ['user-agent'], qs: ['a'] }, over, { query: 'a=1&a=1' }),
        ],
        ['over nothing, no address', mixed({ headers: ['user-agent'], ip: 32, ip_ver: 4 }, over, { ip: 'unknown' })],
        [
          'over nothing, the other family',
          mixed({ headers: ['user-agent'], ip: 32, ip_ver: 4 }, over, { ip: '2001:db8::1' }),
        ],
        ['over nothing', mixed({ headers: ['user-agent'] }, [], {})],
        ['over fewer', mixed({ headers: ['user-agent', 'accept'] }, over, {})],
        ['over more', mixed({ headers: ['user-agent'] }, [...over, ['h', 'accept', '*/*']], {})],
        ['over another kind', mixed({ headers: ['user-agent'] }, [['q', 'user-agent', AGENT]], {})],
        ['over another order', mixed({ headers: ['user-agent', 'accept'] }, [['h', 'accept', '*/*'], ...over], {})],
        [
          'over a parameter first',
          mixed({ headers: ['user-agent'], qs: ['a'] }, [['q', 'a', '1'], ...over], { query: 'a=1' }),
        ],
      ]),
      [
        'over header and parameter',
        mixed({ headers: ['user-agent'], qs: ['a'] }, [...over, ['q', 'a', '1']], { query: 'a=1' }),
        OK,
      ],
      ['left out', { uri: `/${token(own)}/agent/a` }, MALFORMED],
      [
        'without the claim it is for',
        { uri: `/${token({ ...own, headers: undefined, intsig: 'A'.repeat(43) })}/agent/a` },
        MALFORMED,
      ],
      ['nothing bound at all', { uri: `/${token(claims(['/agent/']))}/agent/a` }, POLICY],
      ['nothing to bind', { uri: `/${token(claims(['/vod/']))}/vod/a` }, PASS],
    ],
  },
];
