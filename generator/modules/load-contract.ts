/** Loads a module's contract. It is TypeScript, so it is transpiled once and kept by content. */
import { join, relative } from 'node:path';
import { cached } from '../bundle/cache.ts';
import { importText } from './import-text.ts';

export interface LoaderOptions {
  /** Folder that input paths are noted relative to. */
  root: string;
  cacheDir: string | undefined;
}

/** Returns a function that gives the default export of a `module.ts`; it throws when there is none to be had. */
export function contractLoader({ root, cacheDir }: LoaderOptions): (file: string) => Promise<unknown> {
  return async (file) => {
    const code = await cached<string>({
      dir: cacheDir,
      root,
      key: { recipe: 'contract', entry: relative(root, file) },
      build: () => transpile(file),
    });
    const loaded = (await importText(code)) as { default?: unknown };
    return loaded.default;
  };
}

async function transpile(file: string): Promise<{ output: string; inputs: string[] }> {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: join(file, '..'),
  });
  const inputs = Object.keys(result.metafile.inputs).map((input) => join(file, '..', input));
  return { output: result.outputFiles[0]?.text ?? '', inputs };
}
