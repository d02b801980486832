/**
 * Bundles the edge check for `node-edge.ts`, behind the interface of `generator/bundle/edge.ts`. The language of the edge
 * is not asked for: sources that were prepared for mutation testing do not keep to it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EdgeBundle, EdgeRecipe } from '../../generator/bundle/edge.ts';

async function build({ entry, flags }: EdgeRecipe): Promise<string> {
  const esbuild = await import('esbuild');
  const result = await esbuild.build({
    entryPoints: [entry],
    define: Object.fromEntries(Object.entries(flags).map(([name, on]) => [`FLAG_${name}`, String(on)])),
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['cloudfront'],
    legalComments: 'none',
    tsconfigRaw: {},
  });
  return result.outputFiles[0]?.text ?? '';
}

/**
 * A mutation run loads this file thousands of times over sources that do not change; starting esbuild each time would
 * take longer than all tests. What is kept lies in the run's own copy of the project and goes with it.
 */
export async function bundleEdge(recipe: EdgeRecipe): Promise<EdgeBundle> {
  const worker = process.env.STRYKER_MUTATOR_WORKER;
  if (worker === undefined) return { text: await build(recipe), inputs: [] };
  const folder = join(process.cwd(), 'reports');
  const file = join(folder, `${createHash('sha256').update(JSON.stringify(recipe)).digest('hex')}.js`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Two workers may be here at once; neither may read half a file.
    writeFileSync(`${file}.${worker}`, await build(recipe));
    renameSync(`${file}.${worker}`, file);
  }
  return { text: readFileSync(file, 'utf8'), inputs: [] };
}

/** Puts the settings in place of the placeholder. */
export function fillSettings(text: string, settings: unknown): string {
  return text.replace(/\bSETTINGS\b/, () => JSON.stringify(settings));
}
