/**
 * Writes .github of this repository from pipelines/: its own workflows, and for the rest those that operators get. With
 * `--check` it writes nothing, and exits with 3 when a copy differs.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** By path below the repository. */
export function copies() {
  const sources = new Map();
  for (const folder of ['pipelines/workflows', 'pipelines/own'])
    for (const name of readdirSync(join(root, folder))) sources.set(`.github/workflows/${name}`, `${folder}/${name}`);
  for (const name of readdirSync(join(root, 'pipelines/actions')))
    sources.set(`.github/actions/${name}/action.yml`, `pipelines/actions/${name}/action.yml`);
  return new Map(
    [...sources].sort().map(([path, source]) => {
      const note = `# Copy of ${source}. Edit that, then run \`npm run pipelines\`.\n`;
      return [path, note + readFileSync(join(root, source), 'utf8')];
    }),
  );
}

/** Files of .github that are not as they should be, extra ones among them. */
export function stale() {
  const wanted = copies();
  const there = ['workflows', 'actions'].flatMap((folder) => filesIn(join(root, '.github', folder)));
  const extra = there.map((file) => relative(root, file)).filter((path) => !wanted.has(path));
  const differing = [...wanted].filter(([path, text]) => contentOf(path) !== text).map(([path]) => path);
  return [...differing, ...extra];
}

function contentOf(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function filesIn(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = stale();
  if (process.argv.includes('--check')) {
    if (found.length > 0) process.stderr.write(`Out of date: ${found.join(', ')}. Run \`npm run pipelines\`.\n`);
    process.exitCode = found.length > 0 ? 3 : 0;
  } else {
    const wanted = copies();
    for (const path of found) {
      if (!wanted.has(path)) rmSync(join(root, path));
      else {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), wanted.get(path));
      }
    }
    process.stderr.write(found.length > 0 ? `Written: ${found.join(', ')}\n` : 'The workflows are up to date.\n');
  }
}
