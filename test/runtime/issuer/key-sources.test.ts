/** Fixed, custom and Secrets Manager keys; the last with a store that fails, hangs and changes. */
import { describe, expect, it, vi } from 'vitest';
import {
  customKey,
  fixedKey,
  type IssuerKey,
  type KeySource,
  secretsManagerKey,
} from '../../../runtime/issuer/index.ts';
import type { IssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { testKey } from '../../helpers/sign.ts';
import { KEY, NOW, record } from './world.ts';

const text = (more: Partial<IssuerRecord> = {}): string => JSON.stringify({ ...record, ...more });
const kid = async (source: KeySource, now: number): Promise<string> => {
  try {
    return (await source.current(now)).kid;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
/** Lets a read that nobody waits for finish. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('fixedKey', () => {
  it('takes a record or its text', () => {
    expect((fixedKey(text()).current(NOW) as IssuerKey).kid).toBe(KEY.kid);
    expect((fixedKey(record).current(NOW) as IssuerKey).sign.export().toString('base64url')).toBe(KEY.sign);
  });

  it('refuses what is no record, without a word of it', () => {
    const wrong = text({ sign: `${KEY.sign.slice(0, 42)}*` });
    for (const bad of [wrong, '{"sign":"SECRETSECRET', text({ bind: KEY.sign }), 'null', '[]'])
      expect(() => fixedKey(bad)).toThrow(
        expect.objectContaining({
          code: 'key_record_invalid',
          message: expect.not.stringMatching(/SECRET|[\w-]{40}/) as string,
        }),
      );
  });
});

describe('customKey', () => {
  it('asks every time, and sees a record that was changed in place', async () => {
    const own = { ...record };
    const read = vi.fn(() => own);
    const source = customKey(read);
    const first = await source.current(NOW);
    expect(await source.current(NOW)).toBe(first);
    Object.assign(own, testKey('other'));
    expect((await source.current(NOW)).kid).toBe('other');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('passes on why there is none, as a cause', async () => {
    const source = customKey(() => Promise.reject(new Error('locked')));
    await expect(source.current(NOW)).rejects.toMatchObject({ code: 'key_unavailable', cause: { message: 'locked' } });
  });
});

describe('secretsManagerKey', () => {
  function store(): {
    source: KeySource;
    reads: () => number;
    answer: { give: () => Promise<{ SecretString?: string }> };
  } {
    const answer = { give: () => Promise.resolve({ SecretString: text() }) as Promise<{ SecretString?: string }> };
    const getSecretValue = vi.fn(() => answer.give());
    return {
      source: secretsManagerKey({ secretId: 'record', client: { getSecretValue } }),
      reads: () => getSecretValue.mock.calls.length,
      answer,
    };
  }
  const fail = (): Promise<never> => Promise.reject(new Error('ThrottlingException'));
  const gives = (more: Partial<IssuerRecord>) => (): Promise<{ SecretString: string }> =>
    Promise.resolve({ SecretString: text(more) });
  const NEXT = testKey('next');

  it('reads once for all callers, and then not for two minutes', async () => {
    const { source, reads } = store();
    await Promise.all(Array.from({ length: 50 }, () => source.current(NOW)));
    expect(source.current(NOW + 119)).not.toBeInstanceOf(Promise);
    expect(reads()).toBe(1);
  });

  it('reads again in the background, once, and uses what came', async () => {
    const { source, reads, answer } = store();
    await source.current(NOW);
    answer.give = gives(NEXT);
    expect(await Promise.all([kid(source, NOW + 120), kid(source, NOW + 120)])).toEqual([KEY.kid, KEY.kid]);
    await settle();
    expect([await kid(source, NOW + 121), reads()]).toEqual(['next', 2]);
  });

  it('goes on through an outage, trying every 10 seconds, and stops 5 minutes after the last good read began', async () => {
    const { source, reads, answer } = store();
    await source.current(NOW);
    answer.give = fail;
    for (let now = NOW + 120; now < NOW + 300; now++) {
      expect(await kid(source, now)).toBe(KEY.kid);
      await Promise.resolve();
    }
    await settle();
    expect(reads()).toBe(19);
    expect(await kid(source, NOW + 300)).toBe('key_unavailable');
    expect(await kid(source, NOW + 300)).toBe('key_unavailable');
    expect(reads()).toBe(20);
    answer.give = gives({});
    expect(await kid(source, NOW + 301)).toBe(KEY.kid);
  });

  it('counts the age from when the read began', async () => {
    const { source, answer } = store();
    let done: (value: { SecretString: string }) => void = () => {};
    answer.give = () =>
      new Promise((resolve) => {
        done = resolve;
      });
    const first = source.current(NOW);
    const second = source.current(NOW + 4);
    await settle();
    done({ SecretString: text() });
    await Promise.all([first, second]);
    answer.give = fail;
    expect(await kid(source, NOW + 299)).toBe(KEY.kid);
    await settle();
    expect(await kid(source, NOW + 301)).toBe('key_unavailable');
  });

  it.each([
    ['answers', text({ kid: 'stale' })],
    ['fails', undefined],
  ])('trusts no read that began before the process was frozen, whether it %s', async (_name, late) => {
    const { source, answer } = store();
    await source.current(NOW);
    let done: (value: { SecretString?: string }) => void = () => {};
    answer.give = () =>
      new Promise((resolve) => {
        done = resolve;
      });
    await source.current(NOW + 120);
    answer.give = gives(NEXT);
    const thawed = source.current(NOW + 4000);
    done(late === undefined ? {} : { SecretString: late });
    expect((await thawed).kid).toBe('next');
  });

  it('takes a clock that went back for an old record', async () => {
    const { source, reads } = store();
    await source.current(NOW);
    await source.current(NOW - 60);
    expect(reads()).toBe(2);
  });

  it('keeps the last record over one that is malformed, or a secret without text', async () => {
    const { source, answer } = store();
    await source.current(NOW);
    for (const [at, bad] of [text({ sign: 'short' }), '', undefined].entries()) {
      answer.give = () => Promise.resolve(bad === undefined ? {} : { SecretString: bad });
      expect(await kid(source, NOW + 120 + at * 10)).toBe(KEY.kid);
      await settle();
    }
    expect(await kid(store().source, NOW)).toBe(KEY.kid);
  });

  it('uses the record before while a new one has to wait, and not longer', async () => {
    const { source, answer } = store();
    await source.current(NOW);
    answer.give = gives({ ...NEXT, signFrom: NOW + 200 });
    await kid(source, NOW + 120);
    await settle();
    expect([await kid(source, NOW + 199), await kid(source, NOW + 200)]).toEqual([KEY.kid, 'next']);
  });

  it('waits for a read when the key may not sign any more, and asks no more than once a second', async () => {
    const { source, reads, answer } = store();
    answer.give = gives({ signUntil: NOW + 30 });
    await source.current(NOW);
    answer.give = gives(NEXT);
    expect([await kid(source, NOW + 29), await kid(source, NOW + 30), reads()]).toEqual([KEY.kid, 'next', 2]);
    const late = store();
    late.answer.give = gives({ signUntil: NOW });
    // The issuer says why: the source gives the key it has.
    for (let i = 0; i < 5; i++) expect(await kid(late.source, NOW + 5)).toBe(KEY.kid);
    expect(late.reads()).toBe(1);
  });

  it('does not wait for ever', async () => {
    const client = {
      getSecretValue: (_input: unknown, options?: { abortSignal?: AbortSignal }) =>
        new Promise<never>((_resolve, reject) =>
          options?.abortSignal?.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    };
    await expect(secretsManagerKey({ secretId: 'record', client, timeout: 1 }).current(NOW)).rejects.toMatchObject({
      code: 'key_unavailable',
      cause: { message: 'no answer within 1 s' },
    });
  });

  it('needs the SDK only when it reads without a client', async () => {
    const source = secretsManagerKey({ secretId: 'record', region: 'eu-west-1' });
    await expect(source.current(NOW)).rejects.toMatchObject({ code: 'key_unavailable' });
  });
});
