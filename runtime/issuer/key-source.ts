import { createSecretKey, KeyObject } from 'node:crypto';
import { checkIssuerRecord, type IssuerRecord, parseIssuerRecord } from '../keys/issuer-record.ts';
import { isKid } from '../token/protected-header.ts';
import { isObject } from './check-settings.ts';
import { IssueError, refuse } from './issue-error.ts';

/** The key that signs now, ready for use. Key objects do not print what they hold. */
export interface IssuerKey {
  kid: string;
  audience: string;
  sign: KeyObject;
  bind: KeyObject;
  /** Seconds since 1970: may sign when `signFrom ≤ now < signUntil`. */
  signFrom: number;
  signUntil: number;
}

/** Where an issuer has its key from. Asked for every token, so it answers from memory where it can. */
export interface KeySource {
  /**
   * The key for a time (seconds since 1970). Throws or rejects when there is none; what is no `IssueError` becomes the `cause` of
   * `key_unavailable`. Whether the time is within `signFrom` and
   * `signUntil` is checked again by the issuer, whatever the source is.
   */
  current(now: number): IssuerKey | Promise<IssuerKey>;
}

/** The key of an issuer record, given as text or parsed. Throws `key_record_invalid`. */
export function toIssuerKey(record: IssuerRecord | string): IssuerKey {
  try {
    const checked = typeof record === 'string' ? parseIssuerRecord(record) : checkIssuerRecord({ ...record });
    const { kid, audience, sign, bind, signFrom, signUntil } = checked;
    return {
      kid,
      audience,
      sign: createSecretKey(sign, 'base64url'),
      bind: createSecretKey(bind, 'base64url'),
      signFrom,
      signUntil,
    };
  } catch (error) {
    throw new IssueError('key_record_invalid', (error as Error).message, { cause: error });
  }
}

/** Throws `key_unavailable` unless this is a key as `toIssuerKey` makes it, whatever source it comes from. */
export function checkKey(key: unknown): void {
  const { kid, sign, bind, signFrom, signUntil } = (isObject(key) ? key : {}) as Partial<IssuerKey>;
  const isSecret = (value: unknown): boolean => value instanceof KeyObject && value.symmetricKeySize === 32;
  const hasWindow = Number.isFinite(signFrom) && Number.isFinite(signUntil);
  const hasKeys = isSecret(sign) && isSecret(bind) && !sign?.equals(bind as KeyObject);
  if (typeof kid !== 'string' || !isKid(kid) || !hasKeys || !hasWindow)
    refuse('key_unavailable', 'The key source gave no key as `toIssuerKey` makes it.');
}

/** Throws `key_not_yet_valid` or `key_expired` unless a key may sign at a time (seconds since 1970). */
export function checkWindow({ kid, signFrom, signUntil }: IssuerKey, now: number): void {
  // Asked this way round, so that what is no number is within no window.
  if (!(now >= signFrom))
    refuse('key_not_yet_valid', `Key "${kid}" may not sign yet: an edge location might not know it.`);
  if (!(now < signUntil))
    refuse('key_expired', `Key "${kid}" may not sign any more: read the issuer record again, or see to the rotation.`);
}

/**
 * One issuer record that never changes: for tests, scripts and partners that restart with every rotation. It ends with its
 * `signUntil`. Throws `key_record_invalid` at once.
 */
export function fixedKey(record: IssuerRecord | string): KeySource {
  const key = toIssuerKey(record);
  return { current: () => key };
}

/**
 * Issuer records from a function, for other stores than Secrets Manager. It is called for every token and must itself see
 * to it that what it gives was read within the last 5 minutes: rotation relies on that. What it throws becomes the `cause` of
 * `key_unavailable`. Throws `configuration_invalid` unless it is given a function.
 */
export function customKey(read: (now: number) => IssuerRecord | string | Promise<IssuerRecord | string>): KeySource {
  if (typeof read !== 'function') refuse('configuration_invalid', '`customKey` needs a function.');
  let last: { text: string; key: IssuerKey } | undefined;
  return {
    async current(now) {
      let record: IssuerRecord | string;
      try {
        record = await read(now);
      } catch (cause) {
        throw new IssueError('key_unavailable', 'The key source gave no issuer record.', { cause });
      }
      // Compared by content: an object that its owner changed in place is another record.
      const text = typeof record === 'string' ? record : JSON.stringify(record);
      if (last?.text !== text) last = { text, key: toIssuerKey(record) };
      return last.key;
    },
  };
}
