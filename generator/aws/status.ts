/** What stands in AWS now: one request a stack, the newest deployment record, and who is at work. */
import { type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { Aws } from './context.ts';
import { faultOf } from './faults.ts';
import { readStatus } from './live-stack.ts';
import { type LockContent, lockHolder } from './lock.ts';
import { type ListedRecord, listRecords } from './records.ts';
import type { Release } from './release.ts';
import { stackState } from './stack-states.ts';

export interface StatusReport {
  environment: string;
  account: string;
  /** Digest of the manifest in the output folder. */
  local: string;
  /** Newest deployment on record; absent when there is none, or the bucket cannot be read. */
  deployed?: { manifest: string; at: string };
  /** Who works on the environment now. */
  lock?: LockContent;
  stacks: StackStatusRow[];
}

export interface StackStatusRow {
  id: string;
  name: string;
  region: string;
  /** StackStatus, or `not deployed`. */
  status: string;
  /** ISO 8601. */
  updated?: string;
  outputs: Readonly<Record<string, string>>;
  /** Present when something has to be done first. */
  advice?: string;
}

/** Faults: EP7013. */
export async function status(aws: Aws, release: Release): Promise<Outcome<StatusReport>> {
  const { manifest } = release;
  const caller = await guardAccount(aws, manifest);
  if (!caller.ok) return caller;
  const [records, lock, stacks] = await Promise.all([
    readable(listRecords(aws, manifest)),
    readable(lockHolder(aws, manifest)),
    Promise.all(manifest.stacks.map((stack) => row(aws, { ...stack, environment: manifest.environment }))),
  ]);
  const newest: ListedRecord | undefined = records?.[0];
  return outcome({
    environment: manifest.environment,
    account: manifest.account,
    local: manifest.digest,
    ...(newest === undefined ? {} : { deployed: { manifest: newest.manifest, at: newest.at } }),
    ...(lock === undefined ? {} : { lock }),
    stacks,
  });
}

interface Named {
  id: string;
  name: string;
  region: string;
  environment: string;
}

async function row(aws: Aws, { id, name, region, environment }: Named): Promise<StackStatusRow> {
  const live = await readStatus(aws, { name, region });
  if (live.status === undefined) return { id, name, region, status: 'not deployed', outputs: {} };
  const { kind, meaning, advice } = stackState(live.status);
  return {
    id,
    name,
    region,
    status: live.status,
    ...(live.updated === undefined ? {} : { updated: live.updated.toISOString() }),
    outputs: live.outputs,
    ...(kind === 'ready' ? {} : { advice: `${meaning} ${advice({ name, region, environment })}` }),
  };
}

/** The bucket is only a part of the picture: without it the stacks are shown all the same. */
async function readable<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (faultOf(error) === undefined) throw error;
    return undefined;
  }
}
