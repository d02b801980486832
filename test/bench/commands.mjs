// Times the commands as whole processes, as a user waits for them: `npm run bench -- commands`. Medians of several runs,
// after one run that is not counted.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const cli = join(root, 'dist/cli.js');
const cache = join(root, 'node_modules/.cache/edgepass');
const RUNS = 7;

/** A configuration of `count` environments, in the repository so that modules and cache are the same. */
function withEnvironments(count) {
  const text = readFileSync(join(root, 'config.yaml'), 'utf8');
  const head = text.slice(0, text.indexOf('environments:'));
  const list = Array.from(
    { length: count },
    (_, i) => `  e${i}: {account: "${String(100_000_000_000 + i)}", region: eu-west-1}`,
  );
  const file = join(root, `.bench-${count}.yaml`);
  writeFileSync(file, `${head}environments:\n${list.join('\n')}\n`);
  return file;
}

function run(args) {
  const started = process.hrtime.bigint();
  // `time -v` is not on every machine; the process's own counters say the same.
  const counter = `data:text/javascript,${encodeURIComponent("process.on('exit',()=>process.stderr.write('\\n#rss '+process.resourceUsage().maxRSS+'\\n'))")}`;
  const result = spawnSync(process.execPath, ['--import', counter, cli, ...args], { cwd: root, encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.status !== 0) throw new Error(`${args.join(' ')}: ${result.stderr}`);
  return { seconds, rss: Number(/#rss (\d+)/.exec(result.stderr)?.[1]) / 1024 };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function measure(name, { args, before = () => {}, runs = RUNS }) {
  const results = [];
  for (let i = 0; i <= runs; i++) {
    before();
    const result = run(args);
    if (i > 0) results.push(result);
  }
  const seconds = median(results.map((r) => r.seconds));
  const rss = Math.max(...results.map((r) => r.rss));
  process.stdout.write(`${name.padEnd(44)} ${seconds.toFixed(3)} s   ${rss.toFixed(0).padStart(4)} MB\n`);
  return seconds;
}

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const files = [withEnvironments(1), withEnvironments(100)];
try {
  const out = join(work, 'out');
  const fresh = () => rmSync(out, { recursive: true, force: true });
  const cold = () => {
    fresh();
    rmSync(cache, { recursive: true, force: true });
  };
  process.stdout.write(`node ${process.version}, ${RUNS} runs each, median and highest memory\n`);
  measure('validate', { args: ['validate'] });
  measure('generate, bundles kept', { args: ['generate', '--out', out], before: fresh });
  measure('generate, nothing changed', { args: ['generate', '--out', out] });
  measure('generate, cold', { args: ['generate', '--out', out], before: cold });
  const one = measure('generate, 1 environment', {
    args: ['generate', '--config', files[0], '--out', out],
    before: fresh,
  });
  const hundred = measure('generate, 100 environments', {
    args: ['generate', '--config', files[1], '--out', out],
    before: fresh,
    runs: 3,
  });
  process.stdout.write(`100 environments take ${(hundred / one).toFixed(1)} × the time of one\n`);
} finally {
  for (const file of files) rmSync(file, { force: true });
  rmSync(work, { recursive: true, force: true });
}
