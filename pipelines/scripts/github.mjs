/** What the scripts of the workflows have in common: asking GitHub through `gh`, which GH_TOKEN signs in. */
import { execFileSync } from 'node:child_process';

/** Whom comments and issues of a workflow belong to: what others wrote is never taken for ours. */
const BOT = 'github-actions[bot]';

export const repository = required('GITHUB_REPOSITORY');

export function required(name) {
  const value = process.env[name];
  if (value === undefined || value === '') stop(`${name} is not set.`);
  return value;
}

/** Ends the step, with a line that GitHub shows on the run. */
export function stop(message) {
  process.stdout.write(`::error::${message.replace(/%/g, '%25').replace(/\r?\n/g, '%0A')}\n`);
  process.exit(1);
}

export function gh(args, input) {
  return execFileSync('gh', args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
    input: input === undefined ? '' : JSON.stringify(input),
  });
}

/** `path` is below the repository. */
export function read(path) {
  return JSON.parse(gh(['api', `repos/${repository}/${path}`]));
}

/** All pages of a list; of an answer that wraps its list, `member` is the list. */
export function readAll(path, member) {
  const pages = JSON.parse(gh(['api', '--paginate', '--slurp', `repos/${repository}/${path}`]));
  return pages.flatMap((page) => (member === undefined ? page : page[member]));
}

export function send(method, path, body) {
  return gh(['api', '--method', method, `repos/${repository}/${path}`, '--input', '-'], body);
}

/** Of comments or issues, the oldest one that a workflow wrote with this marker. */
export function ours(list, marker) {
  return list
    .filter(({ user, body }) => user?.login === BOT && body?.startsWith(marker))
    .sort((a, b) => a.id - b.id)[0];
}

/** The environments of the MATRIX, in order. */
export function environments() {
  return JSON.parse(required('MATRIX')).include.map(({ environment }) => environment);
}
