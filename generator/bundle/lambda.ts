/** The recipe for Lambda functions: one ES module with everything in it, the same bytes wherever it is built. */
import { isAbsolute, join } from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';
import type { Diagnostic } from '../report/diagnostic.ts';
import { buildFaults } from './build-faults.ts';
import { relativeTo } from './paths.ts';

/**
 * Options that do not depend on the function. `.mjs` makes the file an ES module without a package.json; identifiers are not shortened, because
 * stack traces and error names are what an operator has at night.
 */
export const LAMBDA_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Nothing is external: the SDK in the runtime changes without notice.
  packages: 'bundle',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: false,
  treeShaking: true,
  sourcemap: false,
  legalComments: 'none',
  charset: 'ascii',
  // A tsconfig.json above the source, of whoever builds, must not change the output.
  tsconfigRaw: {},
} as const satisfies BuildOptions;

/** What a build gives. `inputs` are absolute paths of all files that were read. */
export interface LambdaBundle {
  text: string;
  inputs: string[];
  warnings: Diagnostic[];
}

/** Bundles `entry`. Both paths are absolute and without symbolic links. Throws esbuild's BuildFailure (see `build-faults.ts`) if the code cannot be bundled. */
export async function bundleLambda({ entry, root }: { entry: string; root: string }): Promise<LambdaBundle> {
  const place = relativeTo(root, entry);
  // Loading esbuild takes longer than everything else in a run that finds its bundles in the cache.
  const { build } = await import('esbuild');
  const result = await build({
    ...LAMBDA_OPTIONS,
    absWorkingDir: root,
    entryPoints: [place.startsWith('.') ? place : `./${place}`],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const code = result.outputFiles[0]?.text ?? '';
  return {
    text: needsRequire(result.metafile) ? REQUIRE + code : code,
    inputs: inputsOf(result.metafile, root),
    warnings: buildFaults(result.warnings, { severity: 'warning', entry, root }),
  };
}

/** Files a build read, absolute. Entries that are no files (empty browser variants, virtual modules) are left out. */
export function inputsOf(metafile: Metafile, root: string): string[] {
  return Object.keys(metafile.inputs)
    .filter((path) => !/^[\w-]{2,}:/.test(path) && !path.startsWith('(disabled):') && !path.startsWith('<'))
    .map((path) => (isAbsolute(path) ? path : join(root, path)))
    .sort();
}

/** ES modules have no `require`; CommonJS packages that load Node.js modules with it would fail on their first line. */
const REQUIRE =
  "import{createRequire as __edgepassRequire}from'node:module';const require=__edgepassRequire(import.meta.url);\n";

function needsRequire(metafile: Metafile): boolean {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return imports.some(({ kind, external }) => kind === 'require-call' && external === true);
}
