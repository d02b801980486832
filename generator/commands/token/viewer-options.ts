/** Options that describe a viewer and the moment, the same for issuing and for checking. */
import { networkOf } from '../../../runtime/token/network.ts';
import { type Args, type Command, UsageError } from '../command.ts';
import { type Place, readPlace } from '../place-options.ts';
import { readTime } from '../times.ts';
import { textOf } from './text-of.ts';

export const VIEWER_OPTIONS: Command['options'] = {
  ip: { type: 'string', value: 'address', help: "Viewer's address, IPv4 or IPv6" },
  header: { type: 'string', value: "'name: x'", multiple: true, help: 'Request header the viewer sends' },
  country: { type: 'string', value: 'FR', help: 'Where the viewer is: country' },
  region: { type: 'string', value: 'US-CA', help: 'Where the viewer is: region' },
  city: { type: 'string', value: 'Paris', help: 'Where the viewer is: city' },
  at: { type: 'string', value: 'time', help: 'Moment that counts as now: ISO time or seconds since 1970' },
};

export interface Asked extends Place {
  ip?: string;
  /** Names in lower case, as they came. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Seconds since 1970. */
  now: number;
}

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Throws a `UsageError`. */
export function readViewer(args: Args): Asked {
  const ip = textOf(args, 'ip');
  if (ip !== undefined && networkOf(ip, 4, 32) === '' && networkOf(ip, 6, 128) === '')
    throw new UsageError('--ip is no IPv4 or IPv6 address.', 'Write it like 203.0.113.7 or 2001:db8::7.');
  const at = textOf(args, 'at');
  return {
    ...(ip !== undefined && { ip }),
    headers: (args.lists.header ?? []).map(readHeader),
    ...readPlace({ country: textOf(args, 'country'), region: textOf(args, 'region'), city: textOf(args, 'city') }),
    now: at === undefined ? Date.now() / 1000 : readTime(at, 'at'),
  };
}

function readHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).toLowerCase();
  const value = text.slice(colon + 1).trim();
  if (colon === -1 || !NAME.test(name) || /[\r\n\0]/.test(value))
    throw new UsageError('--header has no name and value.', "Write it like --header 'user-agent: Player/1.0'.");
  if (name === 'host') throw new UsageError('--header cannot set the host.', 'The host is that of the URL.');
  return [name, value];
}
