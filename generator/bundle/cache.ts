/**
 * Remembers what esbuild made. A record names every file that went in, with its digest, so it is right or it is not used; there is nothing to
 * clear by hand. The cache only saves time: whatever goes wrong with it, the build runs instead, and nobody hears of it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Json } from '../modules/contract.ts';
import { relativeTo } from './paths.ts';
import { esbuildVersion, ownVersion } from './versions.ts';

/** What a build gives. `inputs` are all files it read: absolute, or relative to the root. */
export interface Built<Output extends string | Uint8Array> {
  output: Output;
  inputs: readonly string[];
  /** False keeps the result out of the cache, for instance because it came with warnings that must be seen again. */
  cacheable?: boolean;
}

export interface CacheOptions<Output extends string | Uint8Array> {
  /** Folder of the records; without it everything is built. */
  dir: string | undefined;
  /** Folder that paths in records are relative to, so that a cache can move with its tree. */
  root: string;
  /** Recipe version, options, and entry relative to the root: all that decides the output besides the content of files. */
  key: Json;
  build: () => Promise<Built<Output>>;
}

interface CacheRecord {
  inputs: [path: string, digest: string][];
  kind: 'text' | 'base64';
  output: string;
  digest: string;
}

/** The output of `build`, from the cache where every input is as it was. */
export async function cached<Output extends string | Uint8Array>(options: CacheOptions<Output>): Promise<Output> {
  const { dir, root, key, build } = options;
  if (dir === undefined) return (await build()).output;
  const file = join(dir, `${sha256(stableJson([esbuildVersion(), ownVersion(), key]))}.json`);
  const hit = await read(file, root);
  // The key states the recipe, and a recipe makes either text or bytes: a record of the other kind is not its own.
  if (hit !== undefined) return hit as Output;
  const temporary = `${file}.${randomUUID()}.tmp`;
  const started = await begin(dir, temporary);
  const built = await build().catch(async (error: unknown) => {
    await discard(temporary);
    throw error;
  });
  if (started !== undefined) await finish({ temporary, file, root, started, built });
  return built.output;
}

/** Begins a record. Its date, by the clock of the file system, is the time before which the inputs must have been written. */
async function begin(dir: string, temporary: string): Promise<number | undefined> {
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(temporary, '');
    return (await stat(temporary)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function read(file: string, root: string): Promise<string | Uint8Array | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isRecord(record) || sha256(record.output) !== record.digest) return undefined;
    const current = await Promise.all(record.inputs.map(async ([path]) => sha256(await readFile(resolve(root, path)))));
    if (record.inputs.some(([, digest], i) => digest !== current[i])) return undefined;
    return record.kind === 'text' ? record.output : new Uint8Array(Buffer.from(record.output, 'base64'));
  } catch {
    return undefined;
  }
}

interface Begun {
  temporary: string;
  file: string;
  root: string;
  started: number;
  built: Built<string | Uint8Array>;
}

async function finish({ temporary, file, root, started, built }: Begun): Promise<void> {
  try {
    if (built.cacheable === false) throw new Error('not to be kept');
    const paths = [...new Set(built.inputs.map((path) => resolve(root, path)))].sort();
    const inputs = await Promise.all(paths.map((path) => inputOf({ path, root, started })));
    const text = typeof built.output === 'string';
    const output = typeof built.output === 'string' ? built.output : Buffer.from(built.output).toString('base64');
    const record: CacheRecord = { inputs, kind: text ? 'text' : 'base64', output, digest: sha256(output) };
    // Written aside and renamed: a reader sees a whole record or none, also when two runs share the folder.
    await writeFile(temporary, JSON.stringify(record));
    await rename(temporary, file);
  } catch {
    await discard(temporary);
  }
}

const discard = (file: string): Promise<void> => rm(file, { force: true }).catch(() => {});

/** A file saved while the build ran may have been read before it was saved; its digest of now would then vouch for an old output. */
async function inputOf({
  path,
  root,
  started,
}: {
  path: string;
  root: string;
  started: number;
}): Promise<[string, string]> {
  const digest = sha256(await readFile(path));
  if ((await stat(path)).mtimeMs > started) throw new Error('changed while it was built');
  return [relativeTo(root, path), digest];
}

function isRecord(value: unknown): value is CacheRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { inputs, kind, output, digest } = value as Partial<Record<keyof CacheRecord, unknown>>;
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every((p) => typeof p === 'string');
  // A record without inputs would be right for ever.
  return (
    Array.isArray(inputs) &&
    inputs.length > 0 &&
    inputs.every(isPair) &&
    (kind === 'text' || kind === 'base64') &&
    typeof output === 'string' &&
    typeof digest === 'string'
  );
}

/** JSON with sorted members: equal values give equal text. */
export function stableJson(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** SHA-256, lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
