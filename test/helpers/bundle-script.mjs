// Node 20 does not read TypeScript, so what runs outside vitest is bundled first. Every module keeps its own
// `import.meta.url`, because some find files beside them by it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

const ownUrls = {
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const define = { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) };
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', define, sourcefile: path });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * Bundles a TypeScript file, imports it, and removes the bundle again. `entry` is relative to the repository; `use` is given
 * the module and the file of the bundle, for those who start workers from it.
 */
export async function runScript(entry, use = () => {}) {
  const folder = join(root, 'node_modules/.cache/edgepass-scripts');
  const outfile = join(folder, `${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    await build({
      entryPoints: [join(root, entry)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      plugins: [ownUrls],
      logLevel: 'error',
    });
    await use(await import(pathToFileURL(outfile).href), outfile);
  } finally {
    rmSync(outfile, { force: true });
  }
}
