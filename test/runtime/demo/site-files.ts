/** The site as it ships, out of its package. */
import { unzipSync } from 'fflate';
import { bundle } from '../../../generator/bundle/bundle.ts';
import type { SiteIndex } from '../../../generator/bundle/site.ts';
import { siteHeaders } from '../../../runtime/demo/site-headers.ts';
import { root } from '../../helpers/config.ts';

export interface SiteFiles {
  files: ReadonlyMap<string, Uint8Array>;
  index: SiteIndex;
  zipped: Uint8Array;
}

let made: Promise<SiteFiles> | undefined;

export function siteFiles(): Promise<SiteFiles> {
  made ??= make();
  return made;
}

async function make(): Promise<SiteFiles> {
  const entry = `${root}/runtime/demo/site/index.html`;
  const headers = siteHeaders([]);
  const result = await bundle([{ id: 'demo.site', module: 'demo', name: 'site', kind: 'site', entry, headers }], {
    root,
  });
  if (!result.ok)
    throw new Error(result.diagnostics.map(({ message, place }) => `${place?.file} ${message}`).join('\n'));
  const zipped = result.value[0]?.bytes ?? new Uint8Array();
  const files = new Map(Object.entries(unzipSync(zipped)));
  return { files, zipped, index: JSON.parse(Buffer.from(files.get('site.json') ?? []).toString()) as SiteIndex };
}
