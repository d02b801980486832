/** The first half of the story, as every command needs it: find the modules, load, validate and resolve config.yaml. */
import { readFile, stat } from 'node:fs/promises';
import { resolve as absolute, dirname, join, relative } from 'node:path';
import { compileChecks, type SchemaChecks } from './config/compile-checks.ts';
import { composeSchema, type JsonSchema } from './config/compose-schema.ts';
import { load } from './config/load.ts';
import type { ResolvedEnvironment } from './config/resolve.ts';
import { resolveAll } from './config/resolve-all.ts';
import { type ValidatedConfig, validate } from './config/validate.ts';
import { discover } from './modules/discover.ts';
import { contractLoader } from './modules/load-contract.ts';
import type { Module } from './modules/module.ts';
import { failed, type Outcome, outcome } from './report/diagnostic.ts';

/** Where things are. */
export interface Place {
  /** Folder the command was started in; files are named relative to it. */
  cwd: string;
  /** Folder of the edgepass package. */
  packageRoot: string;
  /** Configuration file, relative to `cwd`. */
  configFile: string;
}

export interface Project {
  /** Folder of config.yaml: the operator's repository. */
  root: string;
  /** Undefined where there is no room for a cache. */
  cacheDir: string | undefined;
  modules: Module[];
  schema: JsonSchema;
  config: ValidatedConfig;
  environments: ResolvedEnvironment[];
}

/** `only`: just this environment is resolved and checked. All faults of a stage are collected before stopping. */
export async function openProject(place: Place, only?: string): Promise<Outcome<Project>> {
  const file = absolute(place.cwd, place.configFile);
  const text = await readConfig(file, place.configFile);
  if (!text.ok) return text;
  const root = dirname(file);
  const known = await knownModules(place, root);
  if (!known.ok) return known;
  const { modules, schema, cacheDir, checks } = known.value;
  const source = load(relative(place.cwd, file) || file, text.value);
  if (!source.ok) return source;
  const config = validate(source.value, schema, await checks());
  if (!config.ok) return config;
  const environments = resolveAll(config.value, modules, only);
  const diagnostics = [...known.diagnostics, ...environments.diagnostics];
  if (!environments.ok) return { ok: false, diagnostics };
  return outcome(
    { root, cacheDir, modules, schema, config: config.value, environments: environments.value },
    diagnostics,
  );
}

export interface KnownModules {
  modules: Module[];
  schema: JsonSchema;
  /** Compiles the schema, or takes it from the cache. */
  checks(): Promise<SchemaChecks>;
  cacheDir: string | undefined;
}

/** The modules of the package and of the operator's repository, and the schema they compose. */
export async function knownModules(place: Pick<Place, 'packageRoot'>, root: string): Promise<Outcome<KnownModules>> {
  const cacheDir = await cacheFolder(root, place.packageRoot);
  const modules = await discover({
    roots: [place.packageRoot, root],
    loadContract: contractLoader({ root, cacheDir }),
  });
  if (!modules.ok) return modules;
  const coreFile = join(place.packageRoot, 'schema', 'core.schema.json');
  const core = JSON.parse(await readFile(coreFile, 'utf8')) as JsonSchema;
  const parts = modules.value.map(({ id, schema, contract }) => ({ id, schema, always: contract.always === true }));
  const schema = composeSchema(core, parts);
  const inputs = [coreFile, ...modules.value.map(({ templates }) => join(templates, 'schema.json'))];
  const checks = (): Promise<SchemaChecks> =>
    compileChecks({ schema, inputs, cache: { dir: cacheDir, root }, packageRoot: place.packageRoot });
  return outcome({ modules: modules.value, schema, checks, cacheDir }, modules.diagnostics);
}

/** Where packages are installed already: a cache must not bring a `node_modules` into a folder that has none. */
async function cacheFolder(...roots: string[]): Promise<string | undefined> {
  for (const root of roots) {
    const installed = join(root, 'node_modules');
    if (await stat(installed).catch(() => undefined)) return join(installed, '.cache', 'edgepass');
  }
  return undefined;
}

async function readConfig(file: string, shown: string): Promise<Outcome<string>> {
  const unreadable = (why: string, hint: string): Outcome<string> =>
    failed({
      code: 'EP1001',
      severity: 'error',
      message: `${shown} cannot be read: ${why}.`,
      hint,
      place: { file: shown },
    });
  try {
    // Looked at before it is read: an endless or enormous file must not fill the memory.
    const found = await stat(file);
    if (!found.isFile() && !found.isFIFO() && !found.isDirectory())
      return unreadable('it is not a file', 'Name another file with `--config FILE`.');
    if (found.size > 64 * 1024 * 1024)
      return failed({
        code: 'EP1006',
        severity: 'error',
        message: `${shown} is larger than 1 MiB.`,
        hint: 'Is it the right file?',
        place: { file: shown },
      });
    const bytes = await readFile(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return outcome(text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT')
      return unreadable(
        'there is no such file',
        'Name another file with `--config FILE`, or let `edgepass init` write one.',
      );
    if (code === 'EISDIR') return unreadable('it is a folder', 'Name the file itself with `--config FILE`.');
    if (code === 'EACCES' || code === 'EPERM')
      return unreadable('permission denied', 'Make it readable for the user who runs this command.');
    if (error instanceof TypeError) return unreadable('it is not UTF-8 text', 'Save it as UTF-8.');
    return unreadable(code ?? (error as Error).message, 'Name another file with `--config FILE`.');
  }
}
