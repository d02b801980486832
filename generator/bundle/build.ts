/** Runs a recipe once per process and, with a cache, once per change of its inputs. */
import type { Json } from '../modules/contract.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { buildErrors, buildFaults } from './build-faults.ts';
import { cached, stableJson } from './cache.ts';
import { relativeTo } from './paths.ts';

/** Builds of this process by key. Hand the same one to every environment: they share most of their code. */
export type BuildMemo = Map<string, Promise<Product>>;

/** What a recipe gives. */
export interface RecipeResult {
  text: string;
  inputs: readonly string[];
  warnings?: Diagnostic[];
  /** False keeps the result out of the cache on disk. */
  cacheable?: boolean;
}

/** What a build gives: the text and its package unless it failed, and what there is to say about it. */
export interface Product {
  text?: string;
  bytes?: Uint8Array;
  diagnostics: Diagnostic[];
}

export interface BuildOptions {
  root: string;
  cacheDir: string | undefined;
  memo: BuildMemo;
  /** Entry file, absolute and without symbolic links. */
  entry: string;
  /** Folder that the recipe runs esbuild in, where it is not the root: paths in its messages are relative to it. */
  workingDir?: string;
  /** The recipe with its version and options, without the entry. */
  recipe: Json;
  run: () => Promise<RecipeResult>;
  /** Makes the package out of the text. Not cached on disk (the text is), but done once per process. */
  pack?: (text: string) => Uint8Array;
}

/** The product of a recipe. Faults in the code that is bundled come back as diagnostics; anything else that goes wrong throws. */
export function build({
  root,
  cacheDir,
  memo,
  entry,
  recipe,
  run,
  pack,
  workingDir = root,
}: BuildOptions): Promise<Product> {
  const key = { entry: relativeTo(root, entry), recipe };
  const text = stableJson(key);
  const known = memo.get(text);
  if (known !== undefined) return known;
  const product = make({ dir: cacheDir, root, key, run, entry, workingDir }).then((made) =>
    pack === undefined || made.text === undefined ? made : { ...made, bytes: pack(made.text) },
  );
  memo.set(text, product);
  return product;
}

interface Making {
  dir: string | undefined;
  root: string;
  key: Json;
  run: () => Promise<RecipeResult>;
  entry: string;
  workingDir: string;
}

async function make({ dir, root, key, run, entry, workingDir }: Making): Promise<Product> {
  let diagnostics: Diagnostic[] = [];
  try {
    const text = await cached({
      dir,
      root,
      key,
      build: async () => {
        const { text: output, inputs, warnings = [], cacheable = true } = await run();
        diagnostics = warnings;
        // A warning would be seen once and never again if its build came from the cache.
        return { output, inputs, cacheable: cacheable && warnings.length === 0 };
      },
    });
    return { text, diagnostics };
  } catch (error) {
    const messages = buildErrors(error);
    if (messages === undefined) throw error;
    return { diagnostics: buildFaults(messages, { severity: 'error', entry, root: workingDir }) };
  }
}
