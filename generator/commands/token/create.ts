import { relative, utc } from '../../report/time-text.ts';
import { type Args, type Command, type Io, UsageError } from '../command.ts';
import { show } from '../show.ts';
import { readDuration } from '../times.ts';
import { issue, type Result, type Wanted } from './issue.ts';
import { KEY_DETAILS, KEY_OPTION } from './key-file.ts';
import { openEnvironment } from './open-environment.ts';
import { textOf } from './text-of.ts';
import { readViewer, VIEWER_OPTIONS } from './viewer-options.ts';

export const create: Command = {
  name: 'token create',
  summary: 'Issue a token and print the playback URL',
  usage: '--url <https://host/path> --key <file> --env <environment> [options]',
  options: {
    url: { type: 'string', value: 'url', help: 'Playback URL without a token' },
    ...KEY_OPTION,
    env: { type: 'string', value: 'name', help: 'Environment (required when there are several)' },
    policy: { type: 'string', value: 'name', help: 'Policy (default: that of the stream)' },
    ttl: { type: 'string', value: '2h', help: "Lifetime (default: the policy's)" },
    session: { type: 'string', value: 'id', help: 'Session id (default: made where the policy has sessions)' },
    path: {
      type: 'string',
      value: '/folder/',
      multiple: true,
      help: 'Folder the token opens (default: that of the URL)',
    },
    subject: { type: 'string', value: 'text', help: 'Pseudonym of the viewer, readable by everybody who sees the URL' },
    domains: { type: 'string', value: 'a,b', help: 'Names of delivery domains to give URLs for as well, or `all`' },
    ...VIEWER_OPTIONS,
  },
  positionals: { min: 0, max: 0 },
  details: `${KEY_DETAILS}

Standard output has the URL alone; where the stream carries its token in a cookie or header, a second line has that.`,
  async run(args, io) {
    const url = textOf(args, 'url');
    if (url === undefined)
      throw new UsageError('Say for which URL: --url <https://host/path>.', `Usage: ${create.usage}`);
    const asked = readViewer(args);
    const options = readOptions(args);
    const opened = await openEnvironment(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const { environment } = opened.value;
    const issued = await issue({ args, io, environment, asked, request: { url, ...options } });
    if (!issued.ok) return show(issued.diagnostics, args, io);
    const code = show(issued.diagnostics, args, io, { ...issued.value });
    if (!args.json) print(issued.value, { io, now: asked.now });
    return code;
  },
};

/** Throws a `UsageError`. */
function readOptions(args: Args): Omit<Wanted, 'url'> {
  const ttl = textOf(args, 'ttl');
  const domains = textOf(args, 'domains');
  const paths = args.lists.path ?? [];
  const named = Object.fromEntries(
    (['policy', 'session', 'subject'] as const).flatMap((name) => {
      const value = textOf(args, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    ...named,
    ...(ttl !== undefined && { ttl: readDuration(ttl, 'ttl') }),
    ...(paths.length > 0 && { paths }),
    ...(domains !== undefined && {
      domains: domains === 'all' ? 'all' : domains.split(',').map((name) => name.trim()),
    }),
  };
}

function print(
  { url, urls, cookie, header, session, expires, policy }: Result,
  { io, now }: { io: Io; now: number },
): void {
  io.stdout(`${url}\n`);
  if (cookie !== undefined) io.stdout(`cookie: ${cookie.name}=${cookie.value}\n`);
  if (header !== undefined) io.stdout(`${header.name}: ${header.value}\n`);
  for (const [name, other] of Object.entries(urls ?? {})) io.stdout(`${name}: ${other}\n`);
  const parts = [`policy ${policy}`, ...(session === undefined ? [] : [`session ${session}`])];
  io.stderr(`${parts.join(' · ')} · expires ${utc(expires)} (${relative(expires, now)})\n`);
}
