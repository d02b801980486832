/** Options of `edgepass dev`, read and checked. */
import { isIP } from 'node:net';
import { type Args, type Command, UsageError } from '../command.ts';
import { readPlace } from '../place-options.ts';

export const DEV_OPTIONS: Command['options'] = {
  env: { type: 'string', value: 'name', help: 'Environment (default: the first that is not protected)' },
  port: { type: 'string', short: 'p', value: '8787', help: 'Port; 0 takes a free one (default: 8787)' },
  host: { type: 'string', value: 'address', help: 'Address to listen at (default: 127.0.0.1); 0.0.0.0 for a phone' },
  origin: { type: 'string', value: 'url', help: 'Your origin in place of the test stream' },
  country: { type: 'string', value: 'FR', help: 'Where viewers are (default: where the first policy allows)' },
  region: { type: 'string', value: 'US-CA', help: 'Where viewers are: region' },
  city: { type: 'string', value: 'Paris', help: 'Where viewers are: city' },
  'viewer-ip': { type: 'string', value: 'address', help: 'Address that viewers come from, in place of their own' },
  latency: { type: 'string', value: '80', help: 'Milliseconds that every media request waits' },
  mode: { type: 'string', value: 'report', help: '`enforce` or `report` in place of the configured modes' },
  engine: { type: 'string', value: 'njs', help: '`node` or `njs` runs the function (default: node)' },
  fresh: { type: 'boolean', help: 'Forget keys, sessions and revocations of earlier runs' },
};

export interface DevOptions {
  port: number;
  host: string;
  origin?: URL;
  viewerIp?: string;
  place: { country?: string; region?: string; city?: string };
  latency: number;
  mode?: 'enforce' | 'report';
  engine: 'node' | 'njs';
  fresh: boolean;
}

/** Throws a `UsageError`. */
export function readOptions({ values }: Args): DevOptions {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const origin = text('origin');
  const viewerIp = text('viewer-ip');
  const mode = oneOf('mode', text('mode'), ['enforce', 'report']);
  if (viewerIp !== undefined && isIP(viewerIp) === 0)
    throw new UsageError('--viewer-ip is no IPv4 or IPv6 address.', 'Write it like 203.0.113.7 or 2001:db8::7.');
  const host = text('host') ?? '127.0.0.1';
  if (isIP(host) === 0)
    throw new UsageError(
      '--host is no address of this machine.',
      '127.0.0.1 for this machine alone, 0.0.0.0 for its network.',
    );
  return {
    port: whole('port', text('port') ?? '8787', 65_535),
    host,
    ...(origin !== undefined && { origin: readOrigin(origin) }),
    ...(viewerIp !== undefined && { viewerIp }),
    place: readPlace({ country: text('country'), region: text('region'), city: text('city') }),
    latency: whole('latency', (text('latency') ?? '0').replace(/ ?ms$/, ''), 60_000),
    ...(mode !== undefined && { mode }),
    engine: oneOf('engine', text('engine'), ['node', 'njs']) ?? 'node',
    fresh: values.fresh === true,
  };
}

function whole(name: string, text: string, max: number): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) > max)
    throw new UsageError(
      `--${name} is no whole number up to ${max}.`,
      `Write it like --${name} ${name === 'port' ? 8787 : 80}.`,
    );
  return Number(text);
}

function oneOf<Word extends string>(name: string, text: string | undefined, words: readonly Word[]): Word | undefined {
  const found = words.find((word) => word === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--${name} is none of ${words.join(', ')}.`, `Write it like --${name} ${words.at(-1)}.`);
  return found;
}

function readOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!isPlain || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(
      '--origin is no plain http or https URL.',
      'Write it like --origin https://origin.example.com/folder.',
    );
  return url;
}
