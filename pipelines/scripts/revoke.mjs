/**
 * revoke.mjs say|do: the sessions in the form of the workflow `revoke`. `say` writes into the summary how many they are, for
 * whoever approves it; `do` revokes them in the ENVIRONMENT, or lets them play again. Sessions are counted, never named: who
 * reads the log need not know them, and what was pasted may be a token or a key.
 */
import { edgepass, formed, inputs, summarise } from './by-hand.mjs';
import { stop } from './github.mjs';

const typed = inputs();
const action = formed(typed, { name: 'action', form: /^(?:revoke|unrevoke)$/, example: 'revoke or unrevoke' });
const given = (typed.sessions ?? '').split(/[\s,]+/).filter((one) => one !== '');
if (given.length === 0)
  stop('The input "sessions" is missing: ids, playback URLs or tokens, with blanks between them.');
// In a file it would be a comment, and left out in silence.
if (given.some((one) => one.startsWith('#'))) stop('The input "sessions" has something that is none.');
if (action === 'unrevoke' && 'reason' in typed) stop('The input "reason" does not belong to the action "unrevoke".');

const some = (count) => `${count} session${count === 1 ? '' : 's'}`;

if (process.argv[2] === 'say') summarise('Asked for', `${action} ${some(given.length)}`);
else {
  const reason = 'reason' in typed ? [`--reason=${typed.reason}`] : [];
  const { status, stdout } = edgepass([action], {
    options: ['--file', '-', '--json', ...reason],
    input: given.join('\n'),
  });
  if (stdout !== '') tell(JSON.parse(stdout));
  process.exitCode = status;
}

function tell({ revoked, lifted = [], already = [], unknown = [], malformed = [], left = [], expires, diagnostics }) {
  const until =
    expires === undefined ? '' : `until ${new Date(expires * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const lines = [
    ...(revoked?.length > 0 ? [`${some(revoked.length)} revoked ${until}`] : []),
    ...(lifted.length + already.length > 0 ? [`${some(lifted.length + already.length)} lifted`] : []),
    ...(unknown.length > 0 ? [`${some(unknown.length)} unknown to the revocation table`] : []),
    ...(malformed.length > 0
      ? [`${some(malformed.length)} with a row that somebody has edited: revoke them again`]
      : []),
    ...(left.length > 0 ? [`${some(left.length)} not written: run it again with the same input`] : []),
  ];
  if (lines.length > 0) {
    process.stdout.write(`${lines.join('\n')}\n`);
    summarise('Done', lines.join('\n'));
  }
  // These name sessions.
  for (const { severity, code, message, hint } of diagnostics.filter(({ code }) => !/^EP79(?:14|17)$/.test(code)))
    process.stdout.write(`::${severity} title=${code}::${escaped(`${message}\n${hint ?? ''}`)}\n`);
}

function escaped(text) {
  return text.trim().replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
