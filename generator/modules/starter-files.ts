/** The files of a new module: the texts in `starter/` with its id and title in them. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface StarterOptions {
  /** Folder of the edgepass package. */
  packageRoot: string;
  id: string;
  title: string;
  /** Whether the module becomes part of the package, which cannot import itself by its name. */
  inPackage: boolean;
}

/** Keeps compilers and linters from taking a text for a part of the generator. */
const SUFFIX = '.txt';

/** By path below the folder of the project, e.g. `templates/<id>/module.ts`. */
export async function starterFiles({
  packageRoot,
  id,
  title,
  inPackage,
}: StarterOptions): Promise<Map<string, string>> {
  const folder = join(packageRoot, 'generator', 'modules', 'starter');
  const files = new Map<string, string>();
  for (const kind of ['templates', 'runtime']) {
    for (const name of (await readdir(join(folder, kind))).sort()) {
      const text = await readFile(join(folder, kind, name), 'utf8');
      const filled = fill(text, {
        id,
        title,
        contract: inPackage ? '../../generator/modules/contract.ts' : 'edgepass/contract',
      });
      files.set(join(kind, id, name.slice(0, -SUFFIX.length)).split(sep).join('/'), filled);
    }
  }
  return files;
}

/** The texts say `my-module` and `My module`, so that they read as what they become. */
function fill(text: string, { id, title, contract }: { id: string; title: string; contract: string }): string {
  return text
    .replaceAll("'My module'", () => quoted(title))
    .replaceAll('"My module"', () => JSON.stringify(title))
    .replaceAll('My module', () => title)
    .replaceAll('my-module', id)
    .replaceAll("'edgepass/contract'", `'${contract}'`);
}

/** As the formatter would: single quotes unless the text has some. */
function quoted(text: string): string {
  return text.includes("'") || text.includes('\\') ? JSON.stringify(text) : `'${text}'`;
}
