/**
 * One deployment at a time: a small object in the artifact bucket says who works on an environment. It is made only
 * when there is none (`If-None-Match: *`), renewed while the work goes on, and taken over once it has expired.
 */
import { randomUUID } from 'node:crypto';
import type { Manifest } from '../output/manifest.ts';
import type { Outcome } from '../report/diagnostic.ts';
import type { S3Api } from './api/s3.ts';
import { bucketName, lockKey } from './bucket.ts';
import type { Aws } from './context.ts';
import { faultOf, isMissing } from './faults.ts';
import { bucketFault, isPrecondition } from './package.ts';
import { Refusal } from './refusal.ts';

/** What stands in the object. Times are ISO 8601. */
export interface LockContent {
  /** Of this run: two runs of one person are two. */
  id: string;
  who: string;
  command: string;
  since: string;
  expires: string;
}

/** Milliseconds. The work is told of the environment at least this often, or others may take over. */
const LIFETIME = 120_000;
const RENEW_AFTER = 30_000;

type LockedRun<T> = (aws: Aws) => Promise<Outcome<T>>;

/** Runs with the lock and gives it back, whatever happens. Throws a Refusal (EP7021, EP7022). */
export async function withLock<T>(
  aws: Aws,
  { manifest, command }: { manifest: Manifest; command: string },
  run: LockedRun<T>,
): Promise<Outcome<T>> {
  const lock = new Lock({ aws, manifest, command, s3: await aws.clients.s3(manifest.region) });
  await lock.take();
  try {
    return await run({ ...aws, keep: () => lock.keep() });
  } finally {
    await lock.release();
  }
}

class Lock {
  readonly #aws: Aws;
  readonly #s3: S3Api;
  readonly #at: { Bucket: string; Key: string; ExpectedBucketOwner: string };
  readonly #manifest: Manifest;
  readonly #command: string;
  readonly #id = randomUUID();
  #since = '';
  #renewal: Promise<void> | undefined;
  #etag: string | undefined;
  #renewed = 0;

  constructor({ aws, manifest, command, s3 }: { aws: Aws; manifest: Manifest; command: string; s3: S3Api }) {
    this.#aws = aws;
    this.#s3 = s3;
    this.#manifest = manifest;
    this.#command = command;
    this.#at = { Bucket: bucketName(manifest), Key: lockKey(manifest), ExpectedBucketOwner: manifest.account };
  }

  async take(): Promise<void> {
    this.#since = this.#aws.now().toISOString();
    if (await this.#put({ IfNoneMatch: '*' })) return;
    const found = await this.#read();
    // Given back a moment ago.
    if (found === undefined) {
      if (await this.#put({ IfNoneMatch: '*' })) return;
    } else if (Date.parse(found.content.expires) < this.#aws.now().getTime()) {
      if (await this.#put({ IfMatch: found.etag })) return;
    }
    throw new Refusal(this.#held((found ?? (await this.#read()))?.content));
  }

  /** Stacks that change at the same time share one renewal. */
  keep(): Promise<void> {
    if (this.#aws.now().getTime() - this.#renewed < RENEW_AFTER) return Promise.resolve();
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<void> {
    try {
      if (await this.#put({ IfMatch: this.#etag ?? '' })) return;
    } catch (error) {
      // The lock still lives for a while; whether AWS answers at all is for those to say who ask for more than that.
      if (faultOf(error) !== undefined) return;
      throw error;
    }
    this.#etag = undefined;
    throw new Refusal({
      code: 'EP7022',
      severity: 'error',
      message: `Somebody else took over the lock of environment ${this.#manifest.environment}. What AWS has begun goes on there.`,
      hint: `See who with \`edgepass status --env ${this.#manifest.environment}\`, then run the command again.`,
    });
  }

  /** Ours only: one that was taken over is left alone. A lock that stays behind expires by itself. */
  async release(): Promise<void> {
    if (this.#etag === undefined) return;
    try {
      await this.#s3.deleteObject({ ...this.#at, IfMatch: this.#etag });
    } catch (error) {
      if (faultOf(error) === undefined) throw error;
    }
  }

  /** Whether the condition held. */
  async #put(condition: { IfNoneMatch: string } | { IfMatch: string }): Promise<boolean> {
    const now = this.#aws.now().getTime();
    const content: LockContent = {
      id: this.#id,
      who: this.#aws.who,
      command: this.#command,
      since: this.#since,
      expires: new Date(now + LIFETIME).toISOString(),
    };
    try {
      const { ETag } = await this.#s3.putObject({
        ...this.#at,
        ...condition,
        Body: `${JSON.stringify(content)}\n`,
        ContentType: 'application/json',
      });
      this.#etag = ETag;
      this.#renewed = now;
      return true;
    } catch (error) {
      if (isPrecondition(error)) return this.#isOurs(now);
      // Gone, where If-Match expects it.
      if ('IfMatch' in condition && isMissing(error) && !(error as Error).name.includes('Bucket')) return false;
      throw bucketFault(error, { bucket: this.#at.Bucket, region: this.#manifest.region }) ?? error;
    }
  }

  /** The answer to a write may get lost, and the SDK's second try then meets our own lock. */
  async #isOurs(now: number): Promise<boolean> {
    const found = await this.#read();
    if (found?.content.id !== this.#id) return false;
    this.#etag = found.etag;
    this.#renewed = now;
    return true;
  }

  async #read(): Promise<{ content: LockContent; etag: string } | undefined> {
    try {
      const { Body, ETag = '' } = await this.#s3.getObject(this.#at);
      return { content: parsed((await Body?.transformToString()) ?? ''), etag: ETag };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #held(content: LockContent | undefined) {
    const { who, command, since, expires } = content ?? parsed('');
    return {
      code: 'EP7021',
      severity: 'error',
      message: `${who} runs \`edgepass ${command}\` in environment ${this.#manifest.environment} since ${since}.`,
      hint: `Wait until that is over. If it was cut off, its lock ends at ${expires}; then run the command again.`,
    } as const;
  }
}

/** An object that is no lock expired long ago. */
function parsed(text: string): LockContent {
  try {
    const content = JSON.parse(text) as LockContent;
    if (typeof content.expires === 'string' && !Number.isNaN(Date.parse(content.expires))) return content;
  } catch {
    // Falls through: somebody wrote it by hand.
  }
  return { id: '', who: 'somebody', command: '?', since: '?', expires: new Date(0).toISOString() };
}

/** Who holds the lock now, for `status`. */
export async function lockHolder(
  { clients, now }: Pick<Aws, 'clients' | 'now'>,
  manifest: Manifest,
): Promise<LockContent | undefined> {
  const s3 = await clients.s3(manifest.region);
  try {
    const { Body } = await s3.getObject({ Bucket: bucketName(manifest), Key: lockKey(manifest) });
    const content = parsed((await Body?.transformToString()) ?? '');
    return Date.parse(content.expires) < now().getTime() ? undefined : content;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
