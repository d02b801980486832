/** The page about deploying says what the code does: states, risks, exit codes. */
import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { RISK_KINDS } from '../../generator/aws/preview-report.ts';
import { STACK_STATUSES, stackState } from '../../generator/aws/stack-states.ts';
import { EXIT } from '../../generator/commands/command.ts';
import { root } from '../helpers/config.ts';

const PAGE = `${root}/docs/deploy.md`;
const page = await readFile(PAGE, 'utf8');

it('has every state (UPDATE_DOCS=1 npx vitest run test/repository/docs-states.test.ts)', async () => {
  const at = { name: 'STACK', region: 'REGION', environment: 'ENV' };
  const rows = STACK_STATUSES.map((status) => {
    const { kind, meaning, advice } = stackState(status);
    return `| \`${status}\` | ${kind} | ${meaning} | ${advice(at)} |`;
  });
  const table = ['| state | kind | meaning | next step |', '|---|---|---|---|', ...rows].join('\n');
  const head = page.slice(0, page.indexOf('-->') + 4);
  if (process.env.UPDATE_DOCS === '1') await writeFile(PAGE, `${head}${table}\n`);
  else expect(page).toBe(`${head}${table}\n`);
});

it('has every risk and every exit code', () => {
  const rows = [...page.matchAll(/^\| `?([\w-]+)`? \| /gm)].map((row) => row[1]);
  expect(rows).toEqual(expect.arrayContaining([...RISK_KINDS, ...Object.values(EXIT).map(String)]));
});
