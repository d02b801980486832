/** Methods, modes, the edge state, revocation; a deployment that lets other paths pass. */
import { AGENT, KEY2, NOW, SESSION } from '../keys.ts';
import { at, type Case, claims, forward, refuse, token } from './ask.ts';

const vod = token(claims(['/vod/']));
const uri = `/${vod}/vod/a`;
const off = token(claims(['/off/']));
const withSession = claims(['/report/'], { ssn: SESSION });
const toVod = forward('/vod/a');
const reported = (reason: string) => forward('/report/a', { reported: reason });

const preflight: Case[1]['headers'] = [
  ['origin', 'https://www.example.com'],
  ['access-control-request-method', 'GET'],
];
const ANSWER = { verdict: 'answer', status: 204 } as const;

export const methods: Case[] = [
  ['GET', { uri }, toVod],
  ['HEAD', { uri, method: 'HEAD' }, toVod],
  ['POST', { uri, method: 'POST' }, refuse('method_not_allowed')],
  ['PUT without a token', { uri: '/vod/a', method: 'PUT' }, refuse('method_not_allowed')],
  ['a preflight', { uri, method: 'OPTIONS', headers: preflight }, ANSWER],
  ['a preflight without a token', { uri: '/vod/a', method: 'OPTIONS', headers: preflight }, ANSWER],
  [
    'a preflight for a path of no stream',
    { uri: '/elsewhere/a', method: 'OPTIONS', headers: preflight },
    refuse('path_not_allowed'),
  ],
  [
    'OPTIONS that is no preflight',
    { uri, method: 'OPTIONS', headers: preflight.slice(0, 1) },
    refuse('method_not_allowed'),
  ],
];

export const modes: Case[] = [
  ['off, without a token', { uri: '/off/a' }, forward('/off/a')],
  ['off, with one', { uri: `/${off}/off/a` }, forward('/off/a')],
  ['off, without a state', { uri: '/off/a', state: null }, forward('/off/a')],
  ['report, all well', at('/report/a', withSession), forward('/report/a')],
  ['report, no token', { uri: '/report/a' }, reported('token_missing')],
  ['report, expired', at('/report/a', withSession, { now: NOW + 600 }), reported('token_expired')],
  ['report, revoked', at('/report/a', withSession, { revoked: [SESSION] }), reported('session_revoked')],
  ['report, no state', at('/report/a', withSession, { state: null }), reported('state_unavailable')],
  [
    'override to report',
    { uri: '/vod/a', state: 'override to report' },
    forward('/vod/a', { reported: 'token_missing' }),
  ],
  [
    'override to report, its last second',
    { uri: '/vod/a', state: 'override to report', now: NOW + 9 },
    forward('/vod/a', { reported: 'token_missing' }),
  ],
  ['override to report, ended', { uri: '/vod/a', state: 'override to report', now: NOW + 10 }, refuse('token_missing')],
  ['override to enforce', { uri: '/report/a', state: 'override to enforce' }, refuse('token_missing')],
  [
    'override to enforce, ended',
    { uri: '/report/a', state: 'override to enforce', now: NOW + 10 },
    reported('token_missing'),
  ],
  ['override to enforce does not reach off', { uri: '/off/a', state: 'override to enforce' }, forward('/off/a')],
];

export const states: Case[] = [
  ['missing', { uri, state: null }, refuse('state_unavailable')],
  ['cut', { uri, state: 'cut by one character' }, refuse('state_unavailable')],
  ['of another version', { uri, state: 'another version' }, refuse('state_unavailable')],
  ['missing, but the token is malformed anyway', { uri: `/${vod}A/vod/a`, state: null }, refuse('token_malformed')],
  ['of another deployment', { uri, state: 'another deployment' }, refuse('audience_mismatch')],
  [
    'without the key of the token',
    { uri: `/${token(claims(['/vod/']), KEY2)}/vod/a`, state: 'one key' },
    refuse('key_unknown'),
  ],
  ['voids what was issued before, not at the second', { uri, state: 'tokens before NOW - 60 are void' }, toVod],
  ['voids what was issued before', { uri, state: 'tokens before NOW - 59 are void' }, refuse('token_voided')],
];

const session = claims(['/session/'], { ssn: SESSION });
const long = claims(['/session/'], { ssn: 'x'.repeat(64) });
const free = claims(['/vod/'], { ssn: SESSION });

export const revocations: Case[] = [
  ['not revoked', at('/session/a', session, { revoked: ['another-session-of-22'] }), forward('/session/a')],
  ['revoked', at('/session/a', session, { revoked: [SESSION] }), refuse('session_revoked')],
  ['revoked, a long id', at('/session/a', long, { revoked: ['x'.repeat(64)] }), refuse('session_revoked')],
  [
    'revoked, where the policy demands no session',
    at('/vod/a', free, { revoked: [SESSION] }),
    refuse('session_revoked'),
  ],
  ['unknown', at('/session/a', session, { revoked: null }), refuse('state_unavailable')],
  ['unknown, but there is no session', { uri, revoked: null }, toVod],
  [
    'revoked, but expired anyway',
    at('/session/a', session, { revoked: [SESSION], now: NOW + 600 }),
    refuse('token_expired'),
  ],
];

/** One origin and path carriage only. */
const smallForward = (path: string, more: object = {}) => forward(path, { origin: undefined as never, ...more });

export const small: Case[] = [
  ['a token', { uri }, smallForward('/vod/a')],
  ['no token', { uri: '/vod/a' }, refuse('token_missing')],
  ['a claim that no policy has a check for', at('/vod/a', claims(['/vod/'], { co: ['FR'] })), refuse('policy_not_met')],
  ['a path of no stream', { uri: '/site/a' }, smallForward('/site/a')],
  ['a path of no stream, with a token', { uri: `/${vod}/site/a` }, refuse('path_not_allowed')],
  ['a path of no stream, POST', { uri: '/site/a', method: 'POST' }, smallForward('/site/a')],
  ['a path of no stream, without a state', { uri: '/site/a', state: null }, smallForward('/site/a')],
  ['a path of no stream, not canonical', { uri: '/site/../vod/a' }, refuse('path_not_canonical')],
  [
    'headers that only the edge may set',
    {
      uri: '/site/a',
      headers: [
        ['user-agent', AGENT],
        ['x-edgepass-reason', 'x'],
      ],
    },
    smallForward('/site/a', { headers: [['user-agent', AGENT]] }),
  ],
].map(([name, asked, expected]) => [name, { ...(asked as Case[1]), deployment: 'small' }, expected] as Case);
