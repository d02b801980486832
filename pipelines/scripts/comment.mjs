/**
 * comment.mjs <plan|drift> <folder with reports>: the folder `comment` with the text for GitHub, the full text, and what
 * edgepass says of it. Environments of the MATRIX without a report are said to have none.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { environments, required } from './github.mjs';

const [kind, folder] = process.argv.slice(2);
const reports = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
const args = [
  ...['edgepass', 'comment', kind, ...reports.sort().map((name) => `${folder}/${name}`)],
  ...environments().flatMap((name) => ['--expect', name]),
  ...['--artifact', required('RUN_URL'), '--file', 'comment/short.md', '--full', 'comment/full.md', '--json'],
];
mkdirSync('comment', { recursive: true });
writeFileSync('comment/result.json', execFileSync('npx', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
