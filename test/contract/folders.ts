/** The module folders of the repository, found by listing: no test names one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleContract } from '../../generator/modules/contract.ts';
import { root } from '../templates/rendering.ts';

export { root };

export const moduleIds: string[] = readdirSync(join(root, 'templates'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map((entry) => entry.name)
  .sort();

/** Path of a file of a module, from the root of the repository. */
export function fileOf(id: string, name: string): string {
  return `templates/${id}/${name}`;
}

export function has(file: string): boolean {
  return existsSync(join(root, file));
}

/** Text of a file; empty when there is none, which another test says. */
export function textOf(file: string): string {
  return has(file) ? readFileSync(join(root, file), 'utf8') : '';
}

/** The default export of `module.ts`, whatever it is. */
export async function contractOf(id: string): Promise<ModuleContract> {
  const loaded: { default: ModuleContract } = await import(join(root, fileOf(id, 'module.ts')));
  return loaded.default;
}

/** Files below a folder with an ending, from the root of the repository. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!has(folder)) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}
