/** A project with a key, for the tests of `edgepass token`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../../generator/commands/command.ts';
import { serialiseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { type Ran, run } from '../../helpers/fake-io.ts';
import { testKey } from '../../helpers/sign.ts';

export const NOW = 1_800_000_000;
export const AT = ['--at', String(NOW)];
export const SESSION = 'session-of-a-viewer-01';
export const AGENT = 'user-agent: Player/1.0';
export const VIEWER = ['--ip', '203.0.113.77', '--header', AGENT];
export const KEY = testKey('trial-1');
export const RECORD = {
  version: 1,
  audience: 'acme-video/dev',
  ...KEY,
  signFrom: NOW - 3600,
  signUntil: NOW + 86_400,
} as const;

export const CONFIG = `project: acme-video
origins:
  packager: {domain: origin.example.com}
  library: {domain: library.example.com}
policies:
  subscriber:
    lifetime: 4h
    session: true
    countries: [FR, BE]
    bind: {ip: {v4: 24, v6: 56}, headers: [user-agent]}
  plain: {lifetime: 1h, session: false}
streams:
  live: {paths: [/live/], exclude: [/ads/], policy: subscriber}
  vod: {paths: [/vod/], policy: plain, mode: report, origin: library, maxLifetime: 2h}
  news: {paths: [/news/], policy: plain, carriage: {in: cookie, name: pass}}
  clips: {paths: [/clips/], policy: plain, carriage: {in: query, name: token}}
  app: {paths: [/app/], policy: plain, carriage: {in: header, name: x-pass}}
environments:
  dev:
    account: "111111111111"
    region: eu-west-1
    domains:
      media: {host: media.example.com, certificate: "arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555"}
      segments: {host: segments.example.com, certificate: "arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555"}
`;

export interface TokenProject {
  folder: string;
  write(name: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** `edgepass token …`; `stdin`: what stands on standard input. */
  token(argv: readonly string[], stdin?: string | Uint8Array): Promise<Ran>;
  /** URL that `token create` prints for the live stream, or for the options given. */
  url(...argv: string[]): Promise<string>;
}

export async function tokenProject(): Promise<TokenProject> {
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-token-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const write: TokenProject['write'] = (name, content, mode = 0o600) =>
    writeFile(join(folder, name), content, { mode });
  await write('config.yaml', CONFIG);
  await write('key.json', serialiseIssuerRecord(RECORD));
  const token: TokenProject['token'] = (argv, stdin) => run(['token', ...argv], { cwd: folder, ...input(stdin) });
  return {
    folder,
    write,
    token,
    async url(...argv) {
      const live = ['--url', 'https://media.example.com/live/ch1/index.m3u8', '--session', SESSION, ...VIEWER];
      const ran = await token(['create', '--key', 'key.json', ...AT, ...(argv.includes('--url') ? [] : live), ...argv]);
      if (ran.code !== 0) throw new Error(ran.stderr);
      return ran.stdout.trim();
    },
  };
}

function input(stdin: string | Uint8Array | undefined): Pick<Io, 'stdin'> {
  if (stdin === undefined) return {};
  return {
    stdin: (async function* () {
      yield stdin;
    })(),
  };
}
