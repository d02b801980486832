/** Samples for players are run: how they react to a reason, and how they renew. */
import { describe, expect, it, vi } from 'vitest';
import { createIssuer, fixedKey } from '../../runtime/issuer/index.ts';
import { type Reason, statusOf } from '../../runtime/token/verdict.ts';
import { testKey } from '../helpers/sign.ts';
import { blocks, moduleOf, read, sample } from './docs-blocks.ts';

const NOW = 1_800_000_000;
const AUDIENCE = 'acme-video/prod';
const record = {
  version: 1 as const,
  audience: AUDIENCE,
  ...testKey('docs'),
  signFrom: NOW - 1000,
  signUntil: NOW + 100_000,
};

describe('reasons.md', () => {
  it('decides about every reason, and about refusals that name none', async () => {
    const text = blocks('docs/integration/reasons.md').find(({ info }) => info === 'js')?.text ?? '';
    const { reactionTo } = await moduleOf<{ reactionTo: (reason: string, status: number) => string }>(text);
    const rows = [...read('docs/integration/reasons.md').matchAll(/^\| `(\w+)` \| (\d+) \|.+\| (.+) \| .+ \|$/gm)];
    // What the table tells people and what the sample does are the same thing.
    for (const [, reason = '', status, advice = ''] of rows) {
      const expected = /do not retry|^stop|defect/.test(advice)
        ? 'stop'
        : /once after|wait/.test(advice)
          ? 'wait'
          : 'renew';
      expect([reason, reactionTo(reason, Number(status))]).toEqual([reason, expected]);
      expect(statusOf(reason as Reason)).toBe(Number(status));
    }
    expect(reactionTo('constructor', 403)).toBe('stop');
    expect([401, 403, 503].map((status) => reactionTo('', status))).toEqual(['renew', 'stop', 'wait']);
  });
});

describe('players.md: the renewal', async () => {
  interface Renewal {
    prepare: (url: string) => Promise<string>;
    renewNow: () => Promise<void>;
    stop: () => void;
  }
  type Given = { token: string; seconds: number };
  const { createRenewal } = await moduleOf<{ createRenewal: (of: Given & { renew: () => Promise<Given> }) => Renewal }>(
    sample('players.md', 'js renewal'),
  );
  const issuer = createIssuer({
    keys: fixedKey(record),
    audience: AUDIENCE,
    policies: { short: { lifetime: 600, session: true } },
    now: () => NOW * 1000,
  });
  const url = 'https://media.example.com/live/ch1/index.m3u8?_HLS_msn=1';
  const first = await issuer.issue({ policy: 'short', url });
  const second = await issuer.issue({ policy: 'short', url, session: first.session as string, ttl: 300 });

  it('swaps the token, keeps host, path and query, and leaves other URLs alone', async () => {
    const renewal = createRenewal({
      token: first.token,
      seconds: 600,
      renew: async () => ({ token: second.token, seconds: 600 }),
    });
    expect(await renewal.prepare(first.url)).toBe(first.url);
    await renewal.renewNow();
    expect(await renewal.prepare(first.url)).toBe(second.url);
    expect(await renewal.prepare(first.url.replace('media.', 'segments.'))).toBe(
      second.url.replace('media.', 'segments.'),
    );
    for (const other of ['https://licence.example.com/widevine', 'https://ads.example.net/a.b.c/x.js', url])
      expect(await renewal.prepare(other)).toBe(other);
    renewal.stop();
  });

  it('renews by time, before the end, and once for callers that wait together', async () => {
    vi.useFakeTimers({ now: NOW * 1000 });
    try {
      const renew = vi.fn(async () => ({ token: second.token, seconds: 600 }));
      const renewal = createRenewal({ token: first.token, seconds: 600, renew });
      await vi.advanceTimersByTimeAsync(400_000);
      expect(renew).toHaveBeenCalledTimes(0);
      await vi.advanceTimersByTimeAsync(81_000);
      expect(renew).toHaveBeenCalledTimes(1);
      // A machine that slept: its timers did not run, its clock did.
      renewal.stop();
      vi.setSystemTime((NOW + 10_000) * 1000);
      const prepared = await Promise.all([renewal.prepare(first.url), renewal.prepare(first.url)]);
      expect(prepared).toEqual([second.url, second.url]);
      expect(renew).toHaveBeenCalledTimes(2);
      renewal.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
