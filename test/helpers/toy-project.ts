/** A project in a temporary folder, and a package of its own beside it that has no modules. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../generator/commands/command.ts';
import { root } from './config.ts';
import { type Ran, run } from './fake-io.ts';

export interface ToyProject {
  /** Folder of config.yaml. */
  folder: string;
  packageRoot: string;
  run(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** Writes a file below the folder. */
  write(path: string, text: string): Promise<void>;
  /** Replaces text in a file; throws when it is not there. */
  edit(path: string, from: string, to: string): Promise<void>;
  /** Every file by path with its content; `node_modules` aside. */
  files(): Promise<Record<string, string>>;
}

export const TOY_CONFIG = `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  viewer: {lifetime: 4h}
streams:
  live: {paths: [/live/], policy: viewer}
modules: {}
environments:
  dev: {account: "111111111111", region: eu-west-1}
  prod: {account: "222222222222", region: eu-west-1}
`;

/** `inPackage`: the project is the package itself, as in a checkout of edgepass. The folders go when the test ends. */
export async function toyProject({ inPackage = false } = {}): Promise<ToyProject> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'edgepass-test-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const packageRoot = join(base, 'package');
  const folder = inPackage ? packageRoot : join(base, 'project');
  for (const path of ['schema/core.schema.json', 'generator/modules/starter'])
    await cp(join(root, path), join(packageRoot, path), { recursive: true });
  await mkdir(folder, { recursive: true });
  for (const place of new Set([packageRoot, folder])) await linkModules(place);
  await writeFile(join(folder, 'config.yaml'), TOY_CONFIG);
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  return {
    folder,
    packageRoot,
    run: (argv, io) => run(argv, { cwd: folder, packageRoot, ...io }),
    write,
    edit: async (path, from, to) => {
      const text = await readFile(join(folder, path), 'utf8');
      if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
      await write(
        path,
        text.replace(from, () => to),
      );
    },
    files: () => filesIn(folder),
  };
}

/** A folder of links, so that the build cache in it is the project's own. */
async function linkModules(place: string): Promise<void> {
  await mkdir(join(place, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules')))
    if (!name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(place, 'node_modules', name));
}

export async function filesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === '.git') continue;
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) found[entry.name] = await readFile(path, 'latin1');
    else for (const [name, text] of Object.entries(await filesIn(path))) found[`${entry.name}/${name}`] = text;
  }
  return found;
}
