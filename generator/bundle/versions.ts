/** Versions that decide what a build makes, read without loading what they are versions of. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** esbuild's version, from its package.json. */
export function esbuildVersion(): string {
  try {
    return packageAt(createRequire(import.meta.url).resolve('esbuild/package.json'))?.version ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/**
 * What edgepass itself is: the version of its package and the identity of its code. The built code lies in chunks whose
 * names hold their digests; the sources, in a checkout that runs its tests, are known by their times. So a cache never
 * outlives a change of a recipe, and no constant has to be raised by hand.
 */
export function ownVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  let folder = here;
  while (packageAt(join(folder, 'package.json'))?.name !== 'edgepass' && dirname(folder) !== folder)
    folder = dirname(folder);
  const version = packageAt(join(folder, 'package.json'))?.version ?? 'unknown';
  const kind = extname(import.meta.url);
  const files = readdirSync(here)
    .filter((name) => extname(name) === kind)
    .sort();
  const built = kind !== '.ts';
  return [version, ...files.map((name) => (built ? name : `${name}@${statSync(join(here, name)).mtimeMs}`))].join(' ');
}

function packageAt(file: string): { name: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  } catch {
    return undefined;
  }
}
