/** Versions that decide what a build makes, read without loading what they are versions of. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** esbuild's version, from its package.json. */
export function esbuildVersion(): string {
  try {
    return packageAt(createRequire(import.meta.url).resolve('esbuild/package.json'))?.version ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** edgepass's own version. The package.json is searched upwards: this file is at another depth once it is built. */
export function ownVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const found = packageAt(join(folder, 'package.json'));
    if (found?.name === 'edgepass') return found.version;
    const parent = dirname(folder);
    if (parent === folder) return 'unknown';
    folder = parent;
  }
}

function packageAt(file: string): { name: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  } catch {
    return undefined;
  }
}
