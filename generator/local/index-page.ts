/** The page at `/` where there is no site: playback URLs, each just issued to whoever looks at it. */
import { IssueError } from '../../runtime/issuer/index.ts';
import type { Environment } from '../modules/contract.ts';
import { utc } from '../report/time-text.ts';
import type { LocalAsset } from './assets.ts';
import type { LocalIssuer } from './issue-local.ts';
import type { Mount, MountRequest } from './mount.ts';
import { headersOf, type Viewer } from './viewer.ts';

export interface IndexPageOptions {
  environment: Environment;
  assets: readonly LocalAsset[];
  issuer: LocalIssuer;
}

export function indexPage(options: IndexPageOptions): Mount {
  return {
    takes: (path) => path === '/',
    async handle({ request, response, viewer }: MountRequest) {
      const headers = Object.fromEntries(headersOf(request));
      const rows = await Promise.all(options.assets.map((asset) => rowOf(asset, { ...options, viewer, headers })));
      const body = Buffer.from(page(options.environment, { rows, viewer }));
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-length': body.length,
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      return undefined;
    },
  };
}

interface RowOptions extends IndexPageOptions {
  viewer: Viewer;
  headers: Record<string, string>;
}

async function rowOf(asset: LocalAsset, { issuer, viewer, headers }: RowOptions): Promise<string> {
  const files = Object.entries(asset.playlists).filter(([, file]) => typeof file === 'string');
  const cells = await Promise.all(
    files.map(async ([format, file]) => {
      try {
        const { path, expires, session, carry } = await issuer.issue(asset, { file, viewer, headers });
        const notes = [session && `session ${session}`, `until ${utc(expires)}`, carry].filter(Boolean).join(' · ');
        return `<li><a href="${html(path)}">${html(format.toUpperCase())}</a> <small>${html(notes)}</small></li>`;
      } catch (error) {
        if (!(error instanceof IssueError)) throw error;
        return `<li>${html(format.toUpperCase())}: ${html(error.message)} <small>${html(error.code)}</small></li>`;
      }
    }),
  );
  return `<section><h2>${html(asset.title ?? asset.id)}</h2><p><code>${html(asset.path)}</code>, stream ${html(asset.stream)}</p><ul>${cells.join('')}</ul></section>`;
}

function page({ project, name }: Environment, { rows, viewer }: { rows: readonly string[]; viewer: Viewer }): string {
  const where = [viewer.ip, viewer.country ?? 'country unknown'].join(', ');
  const body = rows.join('') || '<p>There are no assets. Add some to <code>assets:</code> in config.yaml.</p>';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>edgepass dev</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}a{font-weight:600}small{color:#555;overflow-wrap:anywhere}</style>
<h1>${html(project)}/${html(name)} on this machine</h1>
<p>You are ${html(where)}. The URLs below were just issued to you; open one in a player. Reload for new ones.</p>
${body}
</html>
`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
