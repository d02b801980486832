#!/usr/bin/env node
/**
 * `gh` as far as our scripts use it, in front of a folder (FAKE_GH): `state.json` is the repository, `calls.json` what was
 * asked, `artifacts/<run>/<name>` what runs left behind. Anything else is an error.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.FAKE_GH;
const file = join(folder, 'state.json');
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
const calls = JSON.parse(readFileSync(join(folder, 'calls.json'), 'utf8'));
writeFileSync(join(folder, 'calls.json'), JSON.stringify([...calls, args.join(' ')]));

function fail(text) {
  process.stderr.write(`gh: ${text}\n`);
  process.exit(1);
}

if (!process.env.GH_TOKEN)
  fail('To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.');

if (args[0] === 'run' && args[1] === 'download') {
  const option = (name) => args[args.indexOf(name) + 1];
  const from = join(folder, 'artifacts', args[2], option('--name'));
  if (!existsSync(from)) fail('no artifact matches any of the names or patterns provided');
  cpSync(from, option('--dir'), { recursive: true });
  process.exit(0);
}
if (args[0] !== 'api') fail(`unknown command ${args[0]}`);

const prefix = 'repos/acme/video/';
const path = args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
if (path === undefined) fail('another repository');
const method = args.includes('--method') ? args[args.indexOf('--method') + 1] : 'GET';
const [route, query = ''] = path.split('?');
const parameters = new URLSearchParams(query);
const input = args.includes('--input') ? JSON.parse(readFileSync(0, 'utf8')) : undefined;
const user = { login: 'github-actions[bot]' };
if (input?.body?.length > 65_536) fail('HTTP 422: body is too long (maximum is 65536 characters)');

function answer() {
  const [, number] = /^issues\/(\d+)\/comments$/.exec(route) ?? [];
  if (method === 'GET' && number) return state.comments.filter((one) => one.issue === Number(number));
  if (method === 'POST' && number) {
    const made = { id: ++state.last, issue: Number(number), user, body: input.body };
    state.comments.push(made);
    return made;
  }
  const [, comment] = /^issues\/comments\/(\d+)$/.exec(route) ?? [];
  if (method === 'PATCH' && comment)
    return Object.assign(
      state.comments.find(({ id }) => id === Number(comment)),
      input,
    );
  if (method === 'GET' && route === 'issues')
    return state.issues.filter((one) => one.state === parameters.get('state'));
  if (method === 'POST' && route === 'issues') {
    const id = ++state.last;
    const made = { id, number: id, state: 'open', user, ...input };
    state.issues.push(made);
    return made;
  }
  const [, issue] = /^issues\/(\d+)$/.exec(route) ?? [];
  if (method === 'PATCH' && issue)
    return Object.assign(
      state.issues.find((one) => one.number === Number(issue)),
      input,
    );
  const [, commit] = /^commits\/(\w+)\/pulls$/.exec(route) ?? [];
  if (method === 'GET' && commit) return state.pulls.filter(({ merge_commit_sha }) => merge_commit_sha === commit);
  if (method === 'GET' && route === 'actions/workflows/plan.yml/runs')
    return { workflow_runs: state.runs.filter(({ head_sha }) => head_sha === parameters.get('head_sha')) };
  if (method === 'GET' && /^actions\/runs\/\d+\/jobs$/.test(route)) return { jobs: state.jobs };
  return fail(`HTTP 404: ${method} ${path}`);
}

const found = answer();
writeFileSync(file, JSON.stringify(state));
process.stdout.write(JSON.stringify(args.includes('--slurp') ? [found] : found));
