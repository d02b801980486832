/**
 * drift-issue.mjs <folder of comment.mjs>: one issue. Opened when something drifted, updated as long as it is, closed when
 * every environment was looked at and none is drifted. When a check failed, an open issue stays.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ours, readAll, send, stop } from './github.mjs';

const MARKER = '<!-- edgepass:drift -->';
const TITLE = 'Something was changed outside of deployments';

const [folder] = process.argv.slice(2);
const { state } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
const body = readFileSync(join(folder, 'short.md'), 'utf8');
const issues = readAll('issues?state=open&per_page=100').filter((issue) => issue.pull_request === undefined);
const open = ours(issues, MARKER);

if (state === 'drifted' && open === undefined) send('POST', 'issues', { title: TITLE, body });
else if (state === 'drifted') {
  if (open.body !== body) send('PATCH', `issues/${open.number}`, { body });
} else if (state === 'in-sync' && open !== undefined) {
  send('POST', `issues/${open.number}/comments`, { body: 'Nothing is drifted any more.' });
  send('PATCH', `issues/${open.number}`, { state: 'closed', state_reason: 'completed' });
}
if (state === 'unknown') stop('Not every environment could be checked: see the summary.');
