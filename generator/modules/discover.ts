/** Finds modules by their folders: there is no registry file. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildErrors, buildFaults } from '../bundle/build-faults.ts';
import type { JsonSchema } from '../config/compose-schema.ts';
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { outcome } from '../report/diagnostic.ts';
import type { ModuleContract } from './contract.ts';
import { contractFaults } from './contract-faults.ts';
import type { Module } from './module.ts';

export interface DiscoverOptions {
  /** Folders that may hold `templates/` and `runtime/`: the package itself and the operator's repository. */
  roots: readonly string[];
  /** Reads the default export of a `module.ts`. */
  loadContract(file: string): Promise<unknown>;
}

/** All modules, sorted by id. A folder that is no usable module is a diagnostic that says what is missing. */
export async function discover({ roots, loadContract }: DiscoverOptions): Promise<Outcome<Module[]>> {
  const found: Module[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const root of new Set(roots)) {
    for (const id of await foldersIn(join(root, 'templates'))) {
      const templates = join(root, 'templates', id);
      const twin = found.find((module) => module.id === id);
      if (twin !== undefined) {
        diagnostics.push(
          fault(
            'EP2002',
            templates,
            `Module \`${id}\` is also defined in ${twin.templates}.`,
            'Rename one of the two folders (and its folder in `runtime`).',
          ),
        );
        continue;
      }
      const module = await readModule({ id, templates, runtime: join(root, 'runtime', id) }, loadContract, diagnostics);
      if (module !== undefined) found.push(module);
    }
  }
  return outcome(
    found.sort((a, b) => (a.id < b.id ? -1 : 1)),
    diagnostics,
  );
}

async function readModule(
  place: Pick<Module, 'id' | 'templates' | 'runtime'>,
  loadContract: DiscoverOptions['loadContract'],
  diagnostics: Diagnostic[],
): Promise<Module | undefined> {
  const broken = (what: string, hint: string): undefined => {
    diagnostics.push(fault('EP2001', place.templates, `Module \`${place.id}\`: ${what}`, hint));
    return undefined;
  };
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(place.id))
    return broken('the folder name is not a possible module id.', 'Use lower-case letters, digits and dashes.');
  let schema: JsonSchema;
  try {
    schema = JSON.parse(await readFile(join(place.templates, 'schema.json'), 'utf8')) as JsonSchema;
  } catch (error) {
    return broken(
      `schema.json cannot be read (${(error as Error).message}).`,
      'Add a JSON Schema for its settings; `{"type": "object", "additionalProperties": false}` when it has none.',
    );
  }
  let contract: unknown;
  try {
    contract = await loadContract(join(place.templates, 'module.ts'));
  } catch (error) {
    diagnostics.push(...notLoaded(error, place));
    return undefined;
  }
  const faults = contractFaults(contract);
  for (const what of faults) broken(what, 'See generator/modules/contract.ts for what each member means.');
  return faults.length > 0 ? undefined : { ...place, schema, contract: contract as ModuleContract };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/** Why a contract cannot be loaded: with places, where it is the code that cannot be bundled. */
function notLoaded(error: unknown, { id, templates }: Pick<Module, 'id' | 'templates'>): Diagnostic[] {
  const entry = join(templates, 'module.ts');
  const located = (buildErrors(error) ?? []).filter((message) => message.location !== null);
  if (located.length > 0)
    return buildFaults(located, { severity: 'error', entry, root: templates }).map((found) => ({
      ...found,
      code: 'EP2001',
      message: `Module \`${id}\`: module.ts cannot be loaded. ${found.message}`,
    }));
  return [
    fault(
      'EP2001',
      templates,
      `Module \`${id}\`: module.ts cannot be loaded (${firstLine(error)}).`,
      'It has to export a contract as its default export; see CONTRIBUTING.md.',
    ),
  ];
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

function fault(code: 'EP2001' | 'EP2002', file: string, message: string, hint: string): Diagnostic {
  return { code, severity: 'error', message, hint, place: { file } };
}
