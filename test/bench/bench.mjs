// `npm run bench` runs every benchmark, `npm run bench -- tokens` that one. Nothing here fails because something is slow: figures
// are for reading, and for comparing on one machine at one time.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const all = ['commands', 'tokens', 'edge', 'deploy', 'api', 'dev', 'page'].filter((name) =>
  existsSync(join(import.meta.dirname, `${name}.mjs`)),
);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark "${unknown.join('", "')}". There are: ${all.join(', ')}.\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : all) {
  process.stdout.write(`\n== ${name}\n`);
  // Each in a process of its own: what one leaves in memory must not slow the next.
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
