/** The local edge: everything put together and listening. */
import { join } from 'node:path';
import type { Environment } from '../modules/contract.ts';
import { apiMount } from './api-mount.ts';
import { type LocalAssets, localAssets } from './assets.ts';
import { corsHeaders } from './cors.ts';
import { type LocalDeployment, openDeployment } from './deployment.ts';
import type { EdgeText } from './edge-text.ts';
import { hostsOf } from './hosts.ts';
import { httpOrigin } from './http-origin.ts';
import { mediaOrigin } from './media/media-origin.ts';
import { openTestStream } from './media/test-stream.ts';
import type { Mount } from './mount.ts';
import { njsEngine } from './njs-engine.ts';
import { nodeEngine } from './node-engine.ts';
import type { Origin } from './origin.ts';
import { ownNames } from './own-names.ts';
import { listen, type ServerOptions } from './server.ts';
import { type SiteFiles, siteMount } from './site.ts';
import type { StateFolder } from './state/folder.ts';

export interface EdgeOptions extends Pick<ServerOptions, 'viewerIp' | 'whereabouts' | 'latency' | 'report'> {
  environment: Environment;
  edge: EdgeText;
  state: StateFolder;
  /** Folder of the edgepass package, and its version. */
  packageRoot: string;
  version: string;
  /** What is served at `/`; without it the function has all but the API. */
  site?: SiteFiles;
  host: string;
  port: number;
  /** In place of the media that ship. */
  origin?: URL;
  mode?: 'enforce' | 'report';
  /** Program of njs, where that is to be the engine. */
  njs?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Hears of what goes wrong later on. */
  failed(error: unknown): void;
}

export interface LocalEdge extends LocalAssets {
  port: number;
  deployment: LocalDeployment;
  close(): Promise<void>;
}

/** Throws `CorruptState`, or what listening fails with. */
export async function openEdge(options: EdgeOptions): Promise<LocalEdge> {
  const { environment, edge, state, now, failed, mode } = options;
  const assets = localAssets(environment, { ownOrigin: options.origin !== undefined });
  const deployment = await openDeployment({
    environment,
    folder: state.path,
    now: () => Math.floor(now() / 1000),
    failed,
    ...(mode && { mode }),
  });
  // What was opened is closed again, the last first, also where the next thing cannot be opened.
  const closers: (() => Promise<void> | void)[] = [() => deployment.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const { origin, closeOrigin } = await originOf(options, assets);
    closers.push(closeOrigin);
    const source = { text: edge.text, store: deployment.edge };
    const engine = options.njs === undefined ? nodeEngine(source) : njsEngine({ ...source, program: options.njs });
    closers.push(() => engine.close());
    const hostOf = hostsOf(environment);
    const cors = corsHeaders(environment, edge);
    const mounts = mountsOf(options, { assets, deployment });
    const isOwnName = ownNames(environment);
    const server = await listen({ ...options, engine, origin, hostOf, cors, mounts, isOwnName }, options);
    closers.push(() => server.close());
    return { ...assets, deployment, port: server.port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function originOf(
  { origin, packageRoot, environment, now }: EdgeOptions,
  { folders }: LocalAssets,
): Promise<{ origin: Origin; closeOrigin(): void }> {
  if (origin !== undefined) {
    const timeout = 1000 * Math.max(...Object.values(environment.origins).map((one) => one.timeout));
    const made = httpOrigin({ url: origin, timeout });
    return { origin: made, closeOrigin: () => made.close() };
  }
  const stream = await openTestStream(join(packageRoot, 'generator', 'local', 'media'));
  return { origin: mediaOrigin({ stream, folders, now }), closeOrigin: () => {} };
}

interface Opened {
  assets: LocalAssets;
  deployment: LocalDeployment;
}

function mountsOf(
  { environment, site, version, mode, now, failed }: EdgeOptions,
  { assets: { assets }, deployment }: Opened,
): Mount[] {
  const api = apiMount({ environment, assets, deployment, version, now, failed, ...(mode && { mode }) });
  return site === undefined ? [api] : [api, siteMount(site)];
}
