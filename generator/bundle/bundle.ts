/** Stage 5: functions → bytes. Bundles are made before templates, because templates name their digests. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '../modules/contract.ts';
import type { PlannedFunction } from '../modules/plan-types.ts';
import { type Diagnostic, type Outcome, outcome } from '../report/diagnostic.ts';
import { type BuildMemo, type BuildOptions, build } from './build.ts';
import { type Bundle, isPackaged } from './bundle-types.ts';
import { sha256 } from './cache.ts';
import { bundleEdge, fillSettings } from './edge.ts';
import { edgeDiagnostic, edgeShapeFault } from './edge-diagnostics.ts';
import type { EdgeFault } from './edge-fault.ts';
import { bundleLambda, LAMBDA_OPTIONS } from './lambda.ts';
import { checkLambdaSize } from './lambda-size.ts';
import { realPath } from './paths.ts';
import { bundleSite, SITE_OPTIONS, siteFiles } from './site.ts';
import { pageFaults } from './site-page.ts';
import { zip } from './zip.ts';

export interface BundleOptions {
  /** Folder that paths in outputs and diagnostics are relative to. */
  root: string;
  /** Folder of the build cache; without it nothing is kept between runs. */
  cacheDir?: string;
  /** Hand the same one to every environment of a run; without it nothing is shared between calls. */
  memo?: BuildMemo;
}

type Job = Pick<BuildOptions, 'root' | 'cacheDir' | 'memo'>;

interface Made {
  bundle?: Bundle;
  diagnostics: Diagnostic[];
}

/** Bundles `functions` and proves the edge functions. All faults of all functions are reported; bundles are sorted by id. */
export async function bundle(
  functions: readonly PlannedFunction[],
  options: BundleOptions,
): Promise<Outcome<Bundle[]>> {
  const root = await realPath(options.root);
  const job: Job = { root, cacheDir: options.cacheDir, memo: options.memo ?? new Map() };
  const sorted = [...functions].sort((a, b) => (a.id < b.id ? -1 : 1));
  const made = await Promise.all(sorted.map((fn) => make(fn, job)));
  // Functions that share an entry share its faults.
  const diagnostics = new Map(made.flatMap((m) => m.diagnostics).map((d) => [JSON.stringify(d), d]));
  const bundles = made.flatMap((m) => (m.bundle === undefined ? [] : [m.bundle]));
  return outcome(bundles, [...diagnostics.values()]);
}

function make(fn: PlannedFunction, job: Job): Promise<Made> {
  if (fn.kind === 'lambda') return makeLambda(fn, job);
  return fn.kind === 'site' ? makeSite(fn, job) : makeEdge(fn, job);
}

async function makeEdge(fn: Extract<PlannedFunction, { kind: 'edge-function' }>, job: Job): Promise<Made> {
  const { flags, settings } = fn;
  const entry = await realPath(fn.entry);
  try {
    const { text, diagnostics } = await build({
      ...job,
      entry,
      workingDir: dirname(entry),
      recipe: { name: 'edge', flags },
      run: () => bundleEdge({ entry, flags }),
    });
    if (text === undefined) return { diagnostics };
    // Settings are filled in after the cache and before the proof: one build serves all, and what is proved is what ships.
    const filled = fillSettings(text, settings);
    const faults = (await proof(filled, { ...job, entry })).map((fault) => edgeDiagnostic(fault, fn));
    return { bundle: bundleOf(fn, Buffer.from(filled)), diagnostics: [...diagnostics, ...faults] };
  } catch (error) {
    return { diagnostics: [edgeShapeFault(error, fn)] };
  }
}

/**
 * The faults of a text. The proof is a function of the text alone, so a text that was proved is not proved again: the
 * verdict "no fault" is kept by the digest of the text, like a build. Loading a parser for it takes longer than all else.
 */
async function proof(text: string, { entry, root, cacheDir, memo }: Job & { entry: string }): Promise<EdgeFault[]> {
  const { text: faults = '[]' } = await build({
    root,
    cacheDir,
    memo,
    entry,
    recipe: { name: 'edge-proof', text: sha256(text) },
    run: async () => {
      const { proveEdge } = await import('./edge-proof.ts');
      const found = proveEdge(text);
      return { text: JSON.stringify(found), inputs: [entry], cacheable: found.length === 0 };
    },
  });
  return JSON.parse(faults) as EdgeFault[];
}

async function makeLambda(fn: Extract<PlannedFunction, { kind: 'lambda' }>, job: Job): Promise<Made> {
  const entry = await realPath(fn.entry);
  const recipe: Json = {
    name: 'lambda',
    options: { ...LAMBDA_OPTIONS, mainFields: [...LAMBDA_OPTIONS.mainFields] },
  };
  const { text, bytes, diagnostics } = await build({
    ...job,
    entry,
    recipe,
    run: () => bundleLambda({ entry, root: job.root }),
    pack: (code) => zip({ 'index.mjs': Buffer.from(code) }),
  });
  if (text === undefined || bytes === undefined) return { diagnostics };
  const size = checkLambdaSize({ zipped: bytes.length, unzipped: Buffer.byteLength(text) }, fn);
  return { bundle: bundleOf(fn, bytes), diagnostics: [...diagnostics, ...size] };
}

async function makeSite(fn: Extract<PlannedFunction, { kind: 'site' }>, job: Job): Promise<Made> {
  const entry = await realPath(fn.entry);
  const { headers } = fn;
  const page = await readFile(entry, 'utf8').catch(() => undefined);
  if (page === undefined) {
    const [message, hint] = ['The page of a site does not exist.', 'Create it, or correct `entry` in the contract.'];
    return { diagnostics: [{ code: 'EP3002', severity: 'error', message, hint, place: { file: entry } }] };
  }
  const faults = pageFaults(page, entry);
  if (faults.length > 0) return { diagnostics: faults };
  const { bytes, diagnostics } = await build({
    ...job,
    entry,
    recipe: { name: 'site', options: { ...SITE_OPTIONS, loader: { ...SITE_OPTIONS.loader } }, headers },
    run: () => bundleSite({ entry, root: job.root, headers }),
    pack: (text) => zip(siteFiles(text)),
  });
  return bytes === undefined ? { diagnostics } : { bundle: bundleOf(fn, bytes), diagnostics };
}

function bundleOf(fn: PlannedFunction, bytes: Uint8Array): Bundle {
  const { id, kind } = fn;
  return { id, kind, bytes, sha256: sha256(bytes), file: `${id}.${isPackaged(kind) ? 'zip' : 'js'}` };
}
