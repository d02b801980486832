import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { LocalEdge } from '../../local/edge.ts';
import type { EdgeText } from '../../local/edge-text.ts';
import type { Environment } from '../../modules/contract.ts';
import type { DevOptions } from './options.ts';

/** Where it listens, as one types it into a browser. */
export function addressOf(host: string, port: number): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::') return `http://localhost:${port}/`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}/`;
}

/** Where others on the network find it, when it listens at all addresses. */
export function networkAddresses(host: string, port: number): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => addressOf(address, port));
}

/** As many names as fit on a line. */
const NAMED = 8;

export interface BannerOptions {
  url: string;
  environment: Environment;
  text: EdgeText;
  options: DevOptions;
  place: DevOptions['place'];
  edge: LocalEdge;
  /** State folder, as people see it. */
  folder: string;
}

/** What runs where, in a few lines. */
export function banner({ url, environment, text, options, place, edge, folder }: BannerOptions): string {
  const { project, name, streams } = environment;
  const modes = Object.entries(streams).map(([stream, { mode }]) => {
    return `${stream} ${mode === 'off' ? mode : (options.mode ?? mode)}`;
  });
  const where = [place.country, place.region, place.city].filter(Boolean).join(', ') || 'country unknown';
  const rows: [string, string][] = [
    ['Open', url],
    ...networkAddresses(options.host, edge.port).map((address): [string, string] => ['Phone', address]),
    ['Edge', `${project}/${name}: ${text.id}, ${Buffer.byteLength(text.text)} bytes, under ${options.engine}`],
    ['Origin', options.origin?.href ?? 'the test stream'],
    ['Streams', modes.join(', ') || 'none'],
    ['Assets', some(edge.assets.map(({ id }) => id))],
    ['Viewers', `${options.viewerIp ?? 'at their own address'}, ${where}`],
    ['State', `${folder} (--fresh forgets it)`],
  ];
  return `\n${rows.map(([title, value]) => `  ${title.padEnd(8)} ${value}`).join('\n')}\n\n  Ctrl-C ends.\n\n`;
}

function some(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.length === 0 ? 'none' : `${names.slice(0, NAMED).join(', ')}${more}`;
}
