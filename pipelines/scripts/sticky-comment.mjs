/** sticky-comment.mjs <file>: the one comment of the plan on the PULL_REQUEST, written or updated in place. */
import { readFileSync } from 'node:fs';
import { ours, readAll, required, send, stop } from './github.mjs';

const MARKER = '<!-- edgepass:plan';

const number = required('PULL_REQUEST');
if (!/^\d+$/.test(number)) stop('PULL_REQUEST is not a number.');
const body = readFileSync(process.argv[2], 'utf8');
const before = ours(readAll(`issues/${number}/comments?per_page=100`), MARKER);
if (before === undefined) send('POST', `issues/${number}/comments`, { body });
else send('PATCH', `issues/comments/${before.id}`, { body });
