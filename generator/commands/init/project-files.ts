/** The files of a new project besides config.yaml. What exists is completed or left alone, never overwritten. */
import { access, constants, lstat, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { pipelineFiles } from './pipeline-files.ts';

/** One file to write: a new one, or text to put behind what an existing one has. */
export interface FileToWrite {
  /** Below the folder of the project, with slashes. */
  path: string;
  action: 'create' | 'append';
  content: string | Uint8Array;
}

export interface ProjectFiles {
  files: FileToWrite[];
  diagnostics: Diagnostic[];
}

export interface ProjectOptions {
  root: string;
  packageRoot: string;
  /** Version of edgepass that the project is to use. */
  version: string;
  /** Name of config.yaml. */
  config: string;
  /** Whether GitHub workflows are wanted. */
  pipelines: boolean;
}

/** What git leaves out: the package and its caches (both in `node_modules`), and what `generate` writes. */
const IGNORED = ['node_modules/', 'out/'];

/** A file that is read to be completed; larger ones are not what their name says. */
const MAX_BYTES = 1024 * 1024;

/** Looks at everything before anything is written. `config.yaml` itself is only checked: its text comes later. */
export async function projectFiles(options: ProjectOptions): Promise<ProjectFiles> {
  const { root, packageRoot, config, pipelines } = options;
  const parts = await Promise.all([
    writable(root),
    newConfig(root, config),
    ignoreFile(root),
    packageFile(options),
    ...(pipelines ? [...(await pipelineFiles(packageRoot))].map(([path, bytes]) => workflow(root, path, bytes)) : []),
  ]);
  return { files: parts.flatMap(({ files }) => files), diagnostics: parts.flatMap(({ diagnostics }) => diagnostics) };
}

const nothing: ProjectFiles = { files: [], diagnostics: [] };

/** The folder, or the nearest one above it that exists, takes new files: nobody should answer questions in vain. */
async function writable(root: string): Promise<ProjectFiles> {
  const found = await stat(root).catch(() => undefined);
  if (found === undefined && dirname(root) !== root) return writable(dirname(root));
  const why = await access(root, constants.W_OK).then(
    () => (found?.isDirectory() ? undefined : 'is a file'),
    () => 'is read-only',
  );
  if (why === undefined) return nothing;
  const message = `The project cannot be written: ${root} ${why}.`;
  const hint = 'Nothing was written. Name another folder: `edgepass init <folder>`.';
  return { files: [], diagnostics: [{ code: 'EP7704', severity: 'error', message, hint }] };
}

async function newConfig(root: string, path: string): Promise<ProjectFiles> {
  if ((await kindOf(root, path)) === 'none') return nothing;
  return inTheWay(path, 'Nothing was written. Edit that file, or name another folder: `edgepass init <folder>`.');
}

async function ignoreFile(root: string): Promise<ProjectFiles> {
  const path = '.gitignore';
  const kind = await kindOf(root, path);
  if (kind === 'none') return { files: [{ path, action: 'create', content: lines(IGNORED) }], diagnostics: [] };
  const bytes = kind === 'file' ? await readFile(join(root, path)).catch(() => undefined) : undefined;
  if (bytes === undefined) return inTheWay(path, 'Nothing was written. Make it an ordinary file, or remove it.');
  // Bytes stay bytes, whatever they mean.
  const text = bytes.toString('latin1');
  const known = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '').replace(/\/$/, '')));
  const missing = IGNORED.filter((line) => !known.has(line.slice(0, -1)));
  if (missing.length === 0) return nothing;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  return { files: [{ path, action: 'append', content: gap + lines(missing, end) }], diagnostics: [] };
}

async function packageFile({ root, version, config }: ProjectOptions): Promise<ProjectFiles> {
  const path = 'package.json';
  const option = config === 'config.yaml' ? '' : ` --config ${config}`;
  if ((await kindOf(root, path)) === 'none') {
    const scripts = Object.fromEntries(
      ['validate', 'generate', 'deploy'].map((verb) => [verb, `edgepass ${verb}${option}`]),
    );
    const content = { private: true, scripts, devDependencies: { edgepass: version } };
    return { files: [{ path, action: 'create', content: `${JSON.stringify(content, null, 2)}\n` }], diagnostics: [] };
  }
  const text = await readFile(join(root, path), 'utf8').catch(() => '');
  if (/"edgepass"\s*:/.test(text)) return nothing;
  const notice: Diagnostic = {
    code: 'EP7705',
    severity: 'notice',
    message: 'package.json was left as it is, and does not name edgepass.',
    hint: `Run \`npm install --save-dev --save-exact edgepass@${version}\`.`,
    place: { file: path },
  };
  return { files: [], diagnostics: [notice] };
}

async function workflow(root: string, path: string, bytes: Uint8Array): Promise<ProjectFiles> {
  const kind = await kindOf(root, path);
  if (kind === 'none') return { files: [{ path, action: 'create', content: bytes }], diagnostics: [] };
  const there = kind === 'file' ? await readFile(join(root, path)).catch(() => undefined) : undefined;
  if (there?.equals(bytes)) return nothing;
  return inTheWay(path, 'Nothing was written. Move that file away, or add `--no-pipelines`.');
}

/** `other`: a folder, a link, or a file of a size that no such file has. */
async function kindOf(root: string, path: string): Promise<'none' | 'file' | 'other'> {
  try {
    const found = await lstat(join(root, path));
    return found.isFile() && found.size <= MAX_BYTES ? 'file' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What is unreadable or behind a file shows when writing.
    if (code !== undefined) return 'none';
    throw error;
  }
}

function inTheWay(path: string, hint: string): ProjectFiles {
  const message = `${path} exists already.`;
  return { files: [], diagnostics: [{ code: 'EP7701', severity: 'error', message, hint, place: { file: path } }] };
}

function lines(texts: readonly string[], end = '\n'): string {
  return texts.map((text) => text + end).join('');
}
