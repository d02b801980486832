/**
 * An AWS emulator for whole deployments: ministack (PyPI, version in `test/requirements.txt`), as a process of its own on
 * loopback. Lambda functions run as local Node processes. It needs no Docker and no network, and leaves nothing behind.
 *
 * It proves wiring: that what edgepass sends is taken, in the right order, and does something. It proves nothing about
 * permissions, WAF or validation, which it does not have; the in-memory AWS (`test/helpers/aws`) knows more rules.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolPath } from './needs.ts';

export interface Emulator {
  endpoint: string;
  /** Everything it writes is in here, until it is stopped. */
  folder: string;
  /** Environment variables that send a process there. An access key of twelve digits is its account. */
  environment(options: { account: string; region?: string }): Record<string, string>;
  /** Sends a request that no SDK client of this repository makes. */
  request(options: RawRequest): Promise<string>;
  stop(): Promise<void>;
}

export interface RawRequest {
  /** As in the credential scope, e.g. `wafv2`. */
  service: string;
  account: string;
  region: string;
  path?: string;
  /** JSON protocol: value of `x-amz-target`. */
  target?: string;
  body: string;
}

/** Milliseconds. A first start compiles the Python sources. */
const READY_WITHIN = 30_000;
const STOP_WITHIN = 5_000;

/** Ends the group when the program ends, and when the tests do, however they do: then nobody holds the other end of stdin. */
const WATCHED = '{ "$0"; kill -KILL 0; } & read -r _; rm -rf "$1"; kill -KILL 0';

const FOR_FUNCTIONS = new URL('ministack-functions.cjs', import.meta.url).pathname;

/** Processes that still run, should the tests end without stopping them. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) signal(child, 'SIGKILL');
});

/** `account` is that of requests without a signature of AWS, such as those to an HTTP API. */
export async function startMinistack({ account = '000000000000' } = {}): Promise<Emulator> {
  const program = toolPath('ministack');
  if (program === undefined) throw new Error('ministack is not installed (npm run setup:system)');
  // Somebody may take the free port before ministack does: then it ends, and another one is tried.
  for (let attempt = 1; ; attempt++) {
    const started = await start(program, account).catch((error: unknown) => {
      if (attempt < 3) return undefined;
      throw error;
    });
    if (started !== undefined) return started;
  }
}

async function start(program: string, account: string): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-ministack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn('sh', ['-c', WATCHED, program, folder], {
    cwd: folder,
    // A group of its own, so that its Lambda processes end with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: folder,
      TMPDIR: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      // Its own defaults are all interfaces, and a second port for IoT.
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      MINISTACK_ACCOUNT_ID: account,
      S3_DATA_DIR: join(folder, 's3'),
      LOG_LEVEL: 'WARNING',
      // Functions inherit these. An address of numbers cannot have an account in front.
      AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE: `http://localhost:${port}`,
      NODE_OPTIONS: `--require ${FOR_FUNCTIONS}`,
    },
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => {
    running.delete(child);
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      log = (log + text.toString()).slice(-4_000);
    });
  const stop = async (): Promise<void> => {
    signal(child, 'SIGTERM');
    await Promise.race([ended, sleep(STOP_WITHIN, undefined, { ref: false })]);
    // Also after it has ended: what it started and did not end is in its group.
    signal(child, 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const isReady = await ready(endpoint, () => running.has(child));
  if (!isReady) {
    await stop();
    throw new Error(`ministack did not start:\n${log}`);
  }
  return {
    endpoint,
    folder,
    environment: ({ account, region = 'us-east-1' }) => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: region,
      AWS_MAX_ATTEMPTS: '2',
    }),
    request: (options) => request(endpoint, options),
    stop,
  };
}

async function ready(endpoint: string, isRunning: () => boolean): Promise<boolean> {
  const until = Date.now() + READY_WITHIN;
  while (isRunning() && Date.now() < until) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(100);
  }
  return false;
}

/** ministack reads the account, the Region and the service from the credential scope, and checks no signature. */
async function request(
  endpoint: string,
  { service, account, region, path = '/', target, body }: RawRequest,
): Promise<string> {
  const answer = await fetch(`${endpoint}${path}`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': target === undefined ? 'application/x-www-form-urlencoded' : 'application/x-amz-json-1.1',
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    },
    body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service}${target === undefined ? '' : ` ${target}`}: ${answer.status} ${text}`);
  return text;
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The whole group has ended.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
}
