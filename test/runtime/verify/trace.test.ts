/** What the reference verifier says about requests: reasons are compared elsewhere; here it is the sentences and the shape. */
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../runtime/verify/trace.ts';
import { createVerifier } from '../../../runtime/verify/verify-request.ts';
import { reference, traceVerdict } from '../../helpers/reference.ts';
import { signToken } from '../../helpers/sign.ts';
import { type Asked, claims, environment, K1, K2, NOW, options, run, SESSION } from '../base/world.ts';
import { FAILURES, FR, to, uri } from './failures.ts';

const ask = (asked: Asked, env = environment, opts = options): Trace => reference(env, opts)(run(asked));

describe('a refusal', () => {
  it.each(FAILURES)('says of %s which check failed, and why', (_name, asked, check, verdict, detail) => {
    const trace = ask(asked);
    expect(traceVerdict(trace)).toBe(verdict);
    const failed = trace.steps.filter((step) => step.outcome === 'failed');
    expect(failed.map((step) => step.check)).toEqual([check]);
    expect(failed[0]?.detail).toMatch(detail);
    expect(trace.forwarded).toBeUndefined();
    expect(trace.response?.statusCode).toBe(trace.status);
  });

  it('names no secret, in whatever check it fails', () => {
    for (const [, asked] of FAILURES) {
      const text = JSON.stringify(ask(asked).steps);
      expect(text).not.toMatch(/[\w-]{43}|secret-value|Player/);
      for (const key of [K1, K2]) expect(text).not.toContain(key.bind);
    }
  });

  it('is not followed by checks that say nothing new', () => {
    const steps = ask({ uri, method: 'POST' }).steps.map((step) => `${step.check} ${step.outcome}`);
    expect(steps.slice(-2)).toEqual(['method failed', 'state skipped']);
  });

  it('has its steps in the order of the specification', () => {
    for (const [, asked] of FAILURES) {
      const numbers = ask(asked).steps.map((step) => step.number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });
});

const CHECKS = [
  'canonical_path second_token carriage stream method token_form protected_header key state signature claim_types',
  'session_part audience times void_before paths policy policy geography binding revocation forward',
].join(' ');

describe('a pass', () => {
  it('has every step, and says what is forwarded', () => {
    const trace = ask({ uri, headers: { 'x-edgepass-x': '1', 'x-token': 't' }, cookies: { ept: 't', a: '1' } });
    expect(trace.steps.map((step) => step.check).join(' ')).toBe(CHECKS);
    expect(trace.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(trace).toMatchObject({ outcome: 'forwarded', reason: '', mode: 'enforce', stream: 'vod' });
    expect(trace.status).toBeUndefined();
    expect(trace.claims?.paths).toEqual(['/vod/']);
    expect(trace.forwarded).toMatchObject({ uri: '/vod/a', cookies: { a: { value: '1' } }, origin: 'vod' });
    expect(Object.keys(trace.forwarded?.headers ?? {})).toEqual(['host', 'user-agent', 'accept']);
    expect(Object.keys(trace.forwarded?.cookies ?? {})).toEqual(['a']);
  });

  it('skips what an exception lifts', () => {
    const content = { ssn: SESSION, exc: ['/ads/'] };
    const trace = ask({ uri: to('/ads/x', ['/other/'], content) });
    expect(trace.stream).toBe('other');
    expect(trace.steps.filter((step) => step.outcome === 'skipped').map((step) => step.check)).toEqual([
      'geography',
      'binding',
    ]);
  });

  it('is what report mode gives to a request that enforce would refuse', () => {
    const trace = ask({ uri: '/report/a' });
    expect(trace).toMatchObject({ outcome: 'forwarded', reason: 'token_missing', mode: 'report', status: undefined });
    expect(trace.steps.at(-1)).toMatchObject({ number: 11, check: 'forward', outcome: 'passed' });
    expect(trace.response).toBeUndefined();
  });

  it('names no stream and no origin where the path has none', () => {
    const trace = ask({ uri: '/site/a' }, environment, { ...options, unmatched: 'pass' });
    expect(trace).toMatchObject({ outcome: 'forwarded', reason: '', mode: 'off', stream: undefined });
    expect(trace.forwarded).not.toHaveProperty('origin');
  });
});

describe('the verifier', () => {
  it('answers a preflight', () => {
    const headers = { origin: 'https://www.example.com', 'access-control-request-method': 'GET' };
    const trace = ask({ uri: '/vod/a', method: 'OPTIONS', headers });
    expect(trace).toMatchObject({ outcome: 'answered', status: 204, reason: '', stream: 'vod' });
    expect(trace.response?.headers['access-control-allow-headers']?.value).toBe('range, x-token, user-agent');
  });

  it('says when a claim asks for a check that the deployment does not have', () => {
    const small = {
      ...environment,
      streams: { vod: environment.streams.vod as NonNullable<typeof environment.streams.vod> },
    };
    const trace = ask({ uri: to('/vod/a', ['/vod/'], { co: ['FR'] }), headers: { [FR]: 'FR' } }, small);
    expect(trace.reason).toBe('policy_not_met');
    expect(trace.steps.find((step) => step.outcome === 'failed')?.detail).toMatch(/"co" asks for a check/);
  });

  it('takes claims out of a token only when its signature is right', () => {
    expect(
      ask({ uri: `/${signToken({ key: K1, claims: claims(['/vod/']), signWith: K2.sign })}/vod/a` }).claims,
    ).toBeUndefined();
    expect(ask({ uri, now: NOW + 700 }).claims?.exp).toBe(NOW + 600);
  });

  it('does not work with a policy that is not there', () => {
    const streams = { vod: { ...environment.streams.vod, policy: 'nobody' } } as typeof environment.streams;
    expect(() => createVerifier({ ...environment, streams }, options)).toThrow(
      /stream "vod": there is no policy "nobody"/,
    );
  });
});
