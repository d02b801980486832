// Runs the token fuzzer. Node 20 does not read TypeScript, so it is bundled first; every module keeps its own
// `import.meta.url`, because some find files beside them by it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'node_modules/.cache/edgepass-fuzz');
const file = join(folder, `tokens-${process.pid}.mjs`);

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

mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [join(root, 'test/fuzz/tokens.ts')],
  outfile: file,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  plugins: [ownUrls],
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(file).href);
try {
  process.exitCode = await main(process.argv.slice(2), file);
} finally {
  rmSync(file);
}
