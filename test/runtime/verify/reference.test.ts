/** The comparison of edge and reference notices every kind of difference. */
import { describe, expect, it } from 'vitest';
import type { EdgeOptions } from '../../../runtime/base/edge-settings.ts';
import type { EdgeResult } from '../../helpers/njs.ts';
import { differences, reference } from '../../helpers/reference.ts';
import { type Asked, claims, environment, options, run, SESSION, token } from '../base/world.ts';

const good: Asked = {
  uri: `/${token(claims(['/session/'], { ssn: SESSION }))}/session/a`,
  cookies: { a: '1' },
  query: 'b=2',
};
const request = {
  method: 'GET',
  uri: '/session/a',
  querystring: { b: { value: '2' } },
  headers: run(good).event.request.headers,
  cookies: { a: { value: '1' } },
};
const passes: EdgeResult = { answer: request, logs: [], reads: ['get state', `exists r.${SESSION}`], origin: 'vod' };
const refuses: EdgeResult = {
  answer: {
    statusCode: 401,
    statusDescription: 'Refused',
    headers: {
      'cache-control': { value: 'no-store' },
      vary: { value: 'origin' },
      'x-edgepass-reason': { value: 'token_missing' },
      'access-control-expose-headers': { value: 'x-edgepass-reason' },
    },
  },
  logs: [JSON.stringify({ v: 1, reason: 'token_missing', status: 401, stream: 'vod', mode: 'enforce' })],
  reads: ['get state'],
};
const reported: EdgeResult = {
  answer: { ...request, uri: '/report/a' },
  logs: [JSON.stringify({ v: 1, reason: 'token_missing', status: 401, stream: 'report', mode: 'report' })],
  reads: ['get state'],
  origin: 'vod',
};
const compare = (asked: Asked, result: EdgeResult, opts: EdgeOptions = options): string[] =>
  differences(reference(environment, opts)(run(asked)), result);
const missing: Asked = { uri: '/vod/a' };
const report: Asked = { ...good, uri: '/report/a' };
const line = (more: object): EdgeResult => ({
  ...reported,
  logs: [JSON.stringify({ ...JSON.parse(reported.logs[0] as string), ...more })],
});

describe('differences', () => {
  it('has nothing to say when they agree', () => {
    expect([...compare(good, passes), ...compare(missing, refuses), ...compare(report, reported)]).toEqual([]);
  });

  it.each<[string, Asked, EdgeResult, RegExp]>([
    ['an exception', good, { threw: 'x', logs: [], reads: [] }, /threw/],
    ['a pass that should be a refusal', missing, passes, /response/],
    ['a refusal that should be a pass', good, refuses, /response/],
    ['another path', good, { ...passes, answer: { ...request, uri: '/session/b' } }, /^path/],
    ['another header', good, { ...passes, answer: { ...request, headers: {} } }, /^headers/],
    ['another query', good, { ...passes, answer: { ...request, querystring: {} } }, /^query/],
    ['another cookie', good, { ...passes, answer: { ...request, cookies: {} } }, /^cookies/],
    ['another origin', good, { ...passes, origin: 'live' }, /^origin/],
    ['no origin', good, { answer: request, logs: [], reads: passes.reads }, /^origin/],
    ['a read too few', good, { ...passes, reads: ['get state'] }, /^reads/],
    ['a read too many', missing, { ...refuses, reads: passes.reads }, /^reads/],
    ['a line too many', good, { ...passes, logs: reported.logs }, /lines/],
    ['no line', report, { ...reported, logs: [] }, /lines/],
    ['another reason in report mode', report, line({ reason: 'token_malformed' }), /^reason/],
    ['another mode', report, line({ mode: 'enforce' }), /^mode/],
    ['another stream', report, line({ stream: 'vod' }), /^stream/],
    ['another status', report, line({ status: 403 }), /^status/],
  ])('notices %s', (_name, asked, result, words) => {
    expect(compare(asked, result).join('\n')).toMatch(new RegExp(words.source, 'm'));
  });

  it('knows what is logged', () => {
    expect(compare(good, passes, { ...options, log: 'all' })).toHaveLength(1);
    expect(compare(report, { ...reported, logs: [] }, { ...options, log: 'none' })).toEqual([]);
  });
});
