/** What the local edge keeps: whole or not at all, and for one process. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderInUse, openFolder } from '../../../generator/local/state/folder.ts';
import { CorruptState, jsonFile } from '../../../generator/local/state/json-file.ts';
import { keyValueFile } from '../../../generator/local/state/key-value-file.ts';
import { secretFile, secretStore } from '../../../generator/local/state/secret-file.ts';
import { tableFile } from '../../../generator/local/state/table-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (): string => join(folder, 'file.json');

describe('the key value store', () => {
  it('keeps what was written, also for the next process, and for this user alone', async () => {
    const { store, edge } = keyValueFile(file());
    const { etag } = await store.describe();
    await store.write({ etag, puts: { state: 'x' } });
    expect(edge.get('state')).toBe('x');
    expect(keyValueFile(file()).edge.get('state')).toBe('x');
    expect(statSync(file()).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(['file.json']);
  });

  it('refuses a write that builds on an older one', async () => {
    const { store, edge } = keyValueFile(file());
    const { etag } = await store.describe();
    await store.write({ etag, puts: { a: '1' } });
    expect(await store.write({ etag, puts: { a: '2' } })).toBe('conflict');
    expect(edge.get('a')).toBe('1');
  });

  it.each([
    ['51 keys', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, '1']))],
    ['a long key', { ['k'.repeat(513)]: '1' }],
    ['a long value', { k: 'v'.repeat(1_025) }],
  ])('takes no %s, as AWS does not', async (_what, puts) => {
    const { store } = keyValueFile(file());
    await expect(store.write({ etag: '0', puts })).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await store.describe()).items).toBe(0);
  });

  it.each(['', '{', '[]', '{"etag":1}', '{"etag":1,"entries":{"a":1}}'])('is corrupt with %j in its file', (text) => {
    writeFileSync(file(), text);
    expect(() => keyValueFile(file())).toThrow(CorruptState);
  });
});

it('leaves nothing beside a file that cannot be replaced, and keeps the value', () => {
  const kept = jsonFile(file(), { empty: 'before', fault: () => undefined });
  // A folder in its place cannot be replaced by a file.
  mkdirSync(file());
  expect(() => kept.replace('after')).toThrow();
  expect(kept.value).toBe('before');
  expect(readdirSync(folder)).toEqual(['file.json']);
});

describe('a secret', () => {
  it('is replaced only where it was read', async () => {
    const store = secretStore(secretFile(file()), 'key');
    expect(await store.read()).toEqual({});
    expect(await store.replace(undefined, 'one')).toBe('done');
    const { version } = await store.read();
    expect(await store.replace('another', 'two')).toBe('conflict');
    expect(await store.replace(version, 'two')).toBe('done');
    expect((await secretStore(secretFile(file()), 'key').read()).text).toBe('two');
  });
});

describe('the table', () => {
  const row = {
    session: 'abcdefghijklmnopqrstuv',
    state: 'revoked',
    type: 'manual',
    reason: '',
    created: 1,
    expires: 100,
  } as const;

  it('tells of every written row, and lifts once', async () => {
    const told: string[] = [];
    const { sessions, table } = tableFile(file(), { changed: async (session) => void told.push(session) });
    await sessions.put(row, undefined);
    expect((await table.read([row.session])).get(row.session)).toEqual(row);
    expect(await sessions.put({ ...row, reason: 'x' }, undefined)).toBe(false);
    expect(await sessions.lift(row.session)).toBe(true);
    expect(await sessions.lift(row.session)).toBe(false);
    expect(await sessions.lift('nobody-knows-this-one')).toBe(false);
    expect(told).toEqual([row.session, row.session]);
  });

  it('removes a row only as it was read', async () => {
    const { sessions, table } = tableFile(file(), { changed: async () => {} });
    await sessions.put(row, undefined);
    expect(await table.remove({ ...row, expires: 99 })).toBe(false);
    expect(await table.remove(row)).toBe(true);
    expect(await sessions.find(row.session)).toBeUndefined();
  });

  it('says of a row that somebody edited that it is none', async () => {
    const { sessions } = tableFile(file(), { changed: async () => {} });
    await sessions.put(row, undefined);
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('"manual"', '"odd"'));
    const again = tableFile(file(), { changed: async () => {} });
    expect(await again.sessions.find(row.session)).toBe('malformed');
  });

  it('raises "void before" and never lowers it', async () => {
    const { control } = tableFile(file(), { changed: async () => {} });
    expect(await control.raiseVoidBefore(10)).toBe(true);
    expect(await control.raiseVoidBefore(5)).toBe(false);
    await control.setOverride({ mode: 'report', until: 20 });
    expect(await control.read()).toEqual({ voidBefore: 10, override: { mode: 'report', until: 20 } });
  });
});

describe('the folder', () => {
  it('is for one process, until that lets it go or is gone', () => {
    const path = join(folder, 'dev');
    const opened = openFolder(path, { fresh: false });
    // Process 1 is always there and never this one.
    writeFileSync(join(path, 'lock'), '1');
    expect(() => openFolder(path, { fresh: false })).toThrow(FolderInUse);
    expect(() => openFolder(path, { fresh: true })).toThrow(FolderInUse);
    opened.release();
    expect(readFileSync(join(path, 'lock'), 'utf8')).toBe('1');
    writeFileSync(join(path, 'lock'), '999999999');
    openFolder(path, { fresh: false }).release();
    expect(readdirSync(path)).toEqual([]);
  });

  it('is emptied where that is asked for', () => {
    const path = join(folder, 'dev');
    openFolder(path, { fresh: false }).release();
    writeFileSync(join(path, 'secrets.json'), '{}');
    openFolder(path, { fresh: true }).release();
    expect(readdirSync(path)).toEqual([]);
  });
});
