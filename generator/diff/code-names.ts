/** In templates, function code is a long text or a digest in a key. A report names the function instead. */
import type { Json } from '../modules/contract.ts';
import type { OutputTree } from '../output/manifest.ts';

/** The value, or a short text that stands for the code in it. */
export type CodeNames = (value: Json | undefined) => Json | undefined;

export function codeNames(trees: readonly (OutputTree | undefined)[]): CodeNames {
  const functions = trees.flatMap((tree) =>
    (tree?.manifest.functions ?? []).map(({ id, sha256, file }) => ({
      sha256,
      label: `code of ${id} (${sha256.slice(0, 12)})`,
      text: new TextDecoder().decode(tree?.files.get(file)),
    })),
  );
  return (value) => {
    if (typeof value !== 'string') return value;
    return functions.find(({ text, sha256 }) => value === text || value.includes(sha256))?.label ?? value;
  };
}
