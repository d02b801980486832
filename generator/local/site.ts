/** The demo website as it is published, from whichever module has one. It is there whether that module is on or not. */
import { join } from 'node:path';
import { bundle } from '../bundle/bundle.ts';
import { SITE_INDEX, type SiteIndex } from '../bundle/site.ts';
import type { Module } from '../modules/module.ts';
import type { PlannedFunction } from '../modules/plan-types.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import type { Mount } from './mount.ts';

export interface SiteFile {
  headers: Record<string, string>;
  bytes: Buffer;
}

/** Files by path, e.g. `/assets/main-ABC.js`; the page is `/`. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

/** Undefined where no module has a site. */
export async function siteFiles(
  modules: readonly Module[],
  { cacheDir }: { cacheDir: string | undefined },
): Promise<Outcome<SiteFiles | undefined>> {
  const found = modules.flatMap(siteOf)[0];
  if (found === undefined) return outcome(undefined);
  // The folder in which `runtime/<module>` is.
  const root = join(found.runtime, '..', '..');
  const bundles = await bundle([found.site], { root, ...(cacheDir === undefined ? {} : { cacheDir }) });
  if (!bundles.ok) return bundles;
  const { unzipSync } = await import('fflate');
  const files = unzipSync(bundles.value[0]?.bytes ?? new Uint8Array());
  const index = JSON.parse(Buffer.from(files[SITE_INDEX] as Uint8Array).toString()) as SiteIndex;
  const served = index.files.map(({ path, headers }): [string, SiteFile] => [
    path.endsWith('index.html') ? `/${path.slice(0, -'index.html'.length)}` : `/${path}`,
    { headers: { ...index.headers, ...headers }, bytes: Buffer.from(files[path] as Uint8Array) },
  ]);
  return outcome(new Map(served), bundles.diagnostics);
}

interface Found {
  site: PlannedFunction;
  runtime: string;
}

function siteOf({ id, runtime, contract }: Module): Found[] {
  return Object.entries(contract.functions).flatMap(([name, fn]) => {
    if (fn.kind !== 'site') return [];
    const base = { id: `${id}.${name}`, module: id, name, entry: join(runtime, fn.entry) };
    return [{ runtime, site: { ...base, kind: fn.kind, headers: fn.headers([]) } }];
  });
}

export function siteMount(files: SiteFiles): Mount {
  return {
    takes: (path) => files.has(path),
    handle({ request, response, target }) {
      request.resume();
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
        return undefined;
      }
      const { headers, bytes } = files.get(target.path) as SiteFile;
      response.writeHead(200, { ...headers, 'content-length': bytes.length });
      response.end(request.method === 'HEAD' ? undefined : bytes);
      return undefined;
    },
  };
}
