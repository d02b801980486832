/**
 * smoke.mjs <file of `status --json`>: every stack is there and at rest, and the edge refuses SMOKE_REFUSED_URL (an address
 * of protected content, without a token) where one is set.
 */
import { readFileSync } from 'node:fs';

const { stacks = [] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const faults = stacks
  .filter(({ status, advice }) => advice !== undefined || status === 'not deployed')
  .map(({ id, status }) => `${id} is ${status}`);
if (stacks.length === 0) faults.push('there are no stacks');

const url = process.env.SMOKE_REFUSED_URL;
if (url) {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000) }).catch((error) => error);
  if (![401, 403].includes(answer.status))
    faults.push(
      `SMOKE_REFUSED_URL is answered with ${answer.status ?? answer.cause?.code ?? answer.name}, not refused`,
    );
}
for (const fault of faults) process.stdout.write(`::error::${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
