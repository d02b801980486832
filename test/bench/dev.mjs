// The local edge under load: `npm run build`, then `npm run bench -- dev`. Segments of the test film, each with the token check.
// The server is held to one core (`taskset`), wrk asks on loopback; what else runs on the machine counts against both.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const AGENT = 'wrk';
const REQUESTS = 100_000;

function has(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (!has('wrk') || !has('taskset')) {
  process.stdout.write('needs wrk and taskset (apt-get install wrk util-linux)\n');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
writeFileSync(
  join(folder, 'config.yaml'),
  readFileSync(join(ROOT, 'config.yaml'), 'utf8').replace('mode: report', 'mode: enforce'),
);
const server = spawn(
  'taskset',
  ['-c', '0', process.execPath, join(ROOT, 'dist/cli.js'), 'dev', '--json', '--port', '0'],
  {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Or Node.js lets the heap grow while nothing needs it back, and a leak could not be told from that.
    env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=64' },
  },
);
const { pid } = server;
const ended = new Promise((done) => server.once('exit', (code, signal) => done(code ?? signal)));
const asked = promisify(execFile);

/** Hundredths of a second of processor time, and MB of memory. */
function used() {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { time: Number(fields[11]) + Number(fields[12]), memory: Math.round(kilobytes / 1024) };
}

/** Its verdicts are read meanwhile, as a terminal would. */
async function load(url, seconds) {
  const before = used();
  const { stdout: out } = await asked('wrk', ['-t1', '-c32', `-d${seconds}`, '-H', `user-agent: ${AGENT}`, url]);
  if (server.exitCode !== null || server.signalCode !== null)
    throw new Error(`edgepass dev ended under load: ${await ended}`);
  const after = used();
  const count = Number(/(\d+) requests in/.exec(out)[1]);
  return {
    count,
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? 0),
    perSecond: Math.round(Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1])),
    perProcessorSecond: Math.round((count * 100) / (after.time - before.time)),
    memory: after.memory,
  };
}

try {
  const first = await new Promise((done, fail) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      // Verdicts that come later are read and thrown away.
      if (text.includes('\n')) return;
      text += chunk;
      if (text.includes('\n')) done(JSON.parse(text.split('\n')[0]));
    });
    void ended.then((how) => fail(new Error(`edgepass dev ended: ${how}`)));
  });
  const answer = await fetch(`${first.url}api/playback/test-film`, {
    method: 'POST',
    headers: { 'user-agent': AGENT },
  });
  const { urls } = await answer.json();
  for (const segment of ['audio/1.m4s', 'video-360/1.m4s']) {
    const url = urls.hls.replace('index.m3u8', segment);
    await load(url, 3);
    const { perSecond, perProcessorSecond, failed } = await load(url, 8);
    const words = `${perSecond} requests/s, ${perProcessorSecond} a second of processor time, ${failed} refused`;
    process.stdout.write(`${segment.padEnd(16)} ${words}\n`);
  }
  const url = urls.hls.replace('index.m3u8', 'audio/1.m4s');
  const memory = [used().memory];
  for (let count = 0; count < REQUESTS; ) {
    const done = await load(url, 5);
    count += done.count;
    memory.push(done.memory);
  }
  process.stdout.write(`memory over ${REQUESTS} requests: ${memory.join(', ')} MB\n`);
} finally {
  server.kill('SIGINT');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
