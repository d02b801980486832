/**
 * What somebody has typed into the form of a workflow. It is read from the file of the event: GitHub prints the environment of
 * a step into its log, where a token or a key that was pasted into some field must not stand. For the same reason a value is
 * printed only when it has the form of an id, a time or a word.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { required, stop } from './github.mjs';

/** By name, without blanks around them; what was left empty is not there. */
export function inputs() {
  const { inputs: typed } = JSON.parse(readFileSync(required('GITHUB_EVENT_PATH'), 'utf8'));
  const all = Object.entries(typed ?? {}).map(([name, value]) => [name, String(value).trim()]);
  return Object.fromEntries(all.filter(([, value]) => value !== ''));
}

/** The value of an input, which must have a form. */
export function formed(typed, { name, form, example }) {
  const value = typed[name];
  if (value === undefined) stop(`The input "${name}" is missing: ${example}.`);
  if (!form.test(value)) stop(`The input "${name}" does not have the right form: ${example}.`);
  return value;
}

/** Shows a text in the summary of the run, as it stands. */
export function summarise(title, text) {
  const lines = text.trimEnd().split('\n');
  appendFileSync(required('GITHUB_STEP_SUMMARY'), `### ${title}\n\n${lines.map((line) => `    ${line}\n`).join('')}\n`);
}

/** Runs a command of edgepass in the ENVIRONMENT, with what it says of its progress in the log, and gives what it printed. */
export function edgepass(command, { options = [], input = '' } = {}) {
  const args = ['edgepass', ...command, '--env', required('ENVIRONMENT'), ...options];
  const { status, stdout, error } = spawnSync('npx', args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
    input,
  });
  if (error !== undefined) stop(`edgepass could not be started (${error.code}).`);
  return { status: status ?? 1, stdout };
}
