/**
 * The issuer record in AWS Secrets Manager, read again and again.
 *
 * Rotation counts on two things: an issuer's knowledge is never older than 5 minutes, and it stops at `signUntil`. It may
 * thus end a key early (`keys rotate --now`) and work out from "5 minutes from now" how long the edge must keep it. An
 * issuer that went on with an older record until the `signUntil` in it would sign tokens that the edge stops knowing
 * before they expire. So the 5 minutes hold without exception: reads begin after 2 minutes, a failed one is repeated every
 * 10 seconds while the last record goes on being used, and when the last good read began 5 minutes ago nothing is
 * signed. That leaves 3 minutes of outage that nobody notices.
 */
import { setTimeout as after } from 'node:timers/promises';
import { IssueError } from './issue-error.ts';
import { type IssuerKey, type KeySource, toIssuerKey } from './key-source.ts';

/** What is used of the AWS SDK: `new SecretsManager(…)` of `@aws-sdk/client-secrets-manager` fits. */
export interface SecretsClient {
  getSecretValue(
    input: { SecretId: string },
    options?: { abortSignal?: AbortSignal },
  ): Promise<{ SecretString?: string | undefined }>;
}

export interface SecretsManagerKeyOptions {
  /** Name or ARN of the issuer record. */
  secretId: string;
  /**
   * Without one, `@aws-sdk/client-secrets-manager` is imported at the first read: it comes with this package, and AWS Lambda
   * has it too. Bundlers do not see that import; where everything is bundled, give a client.
   */
  client?: SecretsClient;
  /** For the client that is made here; by default that of the process's environment. */
  region?: string;
  /** Seconds that one read may take, 1–60; default 5. */
  timeout?: number;
}

/** Oldest knowledge that is used, seconds. Fixed: rotation is computed with it. */
const MAX_AGE = 300;
const REFRESH_AGE = 120;
/** Between reads while the last record serves, and while nothing does; concurrent callers share a read in any case. */
const PAUSE = 10;
const SHORT_PAUSE = 1;

interface Known {
  key: IssuerKey;
  /** When the read began, seconds since 1970: what it gave was true at that time or later. */
  read: number;
}

/** A name in a variable, so that neither types nor bundlers ask for a package that most users do not need. */
const SDK = '@aws-sdk/client-secrets-manager';

interface Sdk {
  SecretsManager: new (options: { region?: string }) => SecretsClient;
}

async function makeClient(region: string | undefined): Promise<SecretsClient> {
  const sdk = await (import(SDK) as Promise<Sdk>).catch((cause: unknown) => {
    if ((cause as { code?: unknown } | null)?.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new IssueError('sdk_missing', `Install ${SDK}, or give \`secretsManagerKey\` a client.`, { cause });
  });
  return new sdk.SecretsManager(region === undefined ? {} : { region });
}

/**
 * A key source that reads the issuer record from Secrets Manager. All callers share one read. A record whose `signFrom` lies
 * ahead waits, and the one before it is used until then, each within its own limits. Throws `configuration_invalid`; its
 * `current` rejects with `key_unavailable`, `key_record_invalid` or `sdk_missing`. Asked once when a process starts
 * (`await source.current(Date.now() / 1000)`), it shows there what is wrong, and the first viewer does not wait.
 */
export function secretsManagerKey(options: SecretsManagerKeyOptions): KeySource {
  const { secretId, region, timeout = 5 } = options ?? {};
  if (typeof secretId !== 'string' || secretId === '')
    throw new IssueError('configuration_invalid', '`secretId` must name the secret with the issuer record.');
  if (!(timeout >= 1 && timeout <= 60))
    throw new IssueError('configuration_invalid', 'The timeout of a read must be 1 to 60 seconds.');
  let client = options.client;
  let known: Known | undefined;
  let before: IssuerKey | undefined;
  let reading: Promise<void> | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  async function fetchRecord(): Promise<string> {
    client ??= await makeClient(region);
    const abort = new AbortController();
    const { signal } = abort;
    const tooLate = after(timeout * 1000, undefined, { signal }).then(() => {
      throw new Error(`no answer within ${timeout} s`);
    });
    try {
      const answer = client.getSecretValue({ SecretId: secretId }, { abortSignal: signal });
      const { SecretString } = await Promise.race([answer, tooLate]);
      if (SecretString === undefined) throw new Error('the secret has no text yet');
      return SecretString;
    } finally {
      // Ends the timer, and a request that nobody waits for.
      tooLate.catch(() => {});
      abort.abort();
    }
  }

  async function read(now: number): Promise<void> {
    triedAt = now;
    try {
      const key = toIssuerKey(await fetchRecord());
      if (known !== undefined && known.key.kid !== key.kid) before = known.key;
      known = { key, read: now };
      failure = undefined;
    } catch (cause) {
      failure = cause instanceof IssueError ? cause : unavailable(cause);
      throw failure;
    } finally {
      reading = undefined;
    }
  }

  function sharedRead(now: number): Promise<void> {
    reading ??= read(now);
    return reading;
  }

  /** Whether what is known was true less than `age` seconds ago. A clock that went back makes it old. */
  function isYounger(age: number, now: number): boolean {
    return known !== undefined && now >= known.read && now - known.read < age;
  }

  /** The newer record, or the one before it while the newer one may not be used yet. */
  function latest(now: number): IssuerKey {
    const { key } = known as Known;
    return before !== undefined && now < key.signFrom && now < before.signUntil ? before : key;
  }

  /**
   * The key after a read. One that was under way may have begun long ago, where the process was frozen in between (Lambda):
   * neither its answer nor its failure says enough about now.
   */
  async function afterRead(now: number): Promise<IssuerKey> {
    const isOld = reading !== undefined && Math.abs(now - triedAt) > timeout;
    try {
      await sharedRead(now);
    } catch (error) {
      if (!isOld) throw error;
    }
    if (!isYounger(MAX_AGE, now)) await sharedRead(now);
    return latest(now);
  }

  return {
    current(now) {
      const key = isYounger(MAX_AGE, now) ? latest(now) : undefined;
      const serves = key !== undefined && now >= key.signFrom && now < key.signUntil;
      const mayTry = reading !== undefined || Math.abs(now - triedAt) >= (serves ? PAUSE : SHORT_PAUSE);
      if (serves) {
        if (mayTry && reading === undefined && !isYounger(REFRESH_AGE, now)) {
          // Waited for by nobody: the last record serves meanwhile, and a later call tries again.
          sharedRead(now).catch(() => {});
        }
        return key;
      }
      if (!mayTry) {
        // The issuer says what is wrong with a key outside its times.
        if (key !== undefined) return key;
        throw failure;
      }
      return afterRead(now).catch((error: unknown) => {
        // A failed read says nothing against a record that is young enough: it is outside its times, which is the cause.
        if (key !== undefined) return key;
        throw error;
      });
    },
  };
}

function unavailable(cause: unknown): IssueError {
  return new IssueError('key_unavailable', 'The issuer record could not be read from Secrets Manager.', { cause });
}
