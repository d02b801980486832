/**
 * docs/operations.md shows what the commands print: its console blocks are run in order, at a terminal, in an environment
 * that is deployed. `UPDATE_DOCS=1 npx vitest run test/generator/commands/operations-page.test.ts` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { inProcess } from '../../helpers/aws/data/in-process.ts';
import { printAnswer, readAwsCommand, words } from '../../helpers/aws-cli.ts';
import { root } from '../../helpers/config.ts';
import { type Operations, operations } from '../../helpers/operations.ts';
import { KEY_RECORD, STORE } from '../../runtime/base/keys-world.ts';

const FILE = join(root, 'docs/operations.md');
const page = readFileSync(FILE, 'utf8');
const BLOCK = /^```console ?(.*)\n([\s\S]*?)^```$/gm;
const blocks = [...page.matchAll(BLOCK)].map(([, info = '', text = '']) => ({ info, text }));

interface Step {
  /** What happened before it. */
  info: string;
  command: string;
  output: string;
}
const steps = blocks.flatMap(({ info, text }) =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part, index): Step => {
      const end = part.indexOf('\n');
      return { info: index === 0 ? info : '', command: part.slice(0, end), output: part.slice(end + 1) };
    }),
);

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** The page speaks of prod; versions of secrets have ids that differ from run to run, and are counted there. */
const shown = new Map<string, string>();
const toPage = (text: string): string =>
  text
    .replaceAll('acme/dev', 'acme/prod')
    .replaceAll('acme-dev', 'acme-prod')
    .replace(/(--env |^|\(in )dev\b/gm, '$1prod')
    .replace(UUID, (id) => {
      const known = shown.get(id) ?? `00000000-0000-4000-8000-${String(shown.size + 1).padStart(12, '0')}`;
      shown.set(id, known);
      return known;
    });
const fromPage = (text: string): string =>
  text
    .replaceAll('acme/prod', 'acme/dev')
    .replaceAll('--env prod', '--env dev')
    .replace(UUID, (id) => [...shown].find(([, known]) => known === id)?.[0] ?? id);

const REDRAWN = '\r\u001b[2K';

/** What happened between two blocks. */
const EVENTS: Readonly<Record<string, (ops: Operations) => Promise<unknown> | undefined>> = {
  '': () => undefined,
  // Long enough for every edge location to know the spare.
  later: async (ops) => ops.wait(3600),
  edited: async (ops) => {
    ops.wait(3600);
    ops.keys.secrets.edit(KEY_RECORD, '{"version": 1, "keys": "see ticket"}');
  },
  emptied: async (ops) => {
    ops.keys.keyValues.create(STORE);
    // As the page has it: revocations first.
    await ops.follow({ task: 'reconcile' });
  },
};

async function edgepass(ops: Operations, command: string): Promise<string> {
  let screen = '';
  const write = (text: string): void => {
    screen += text;
  };
  await ops.run(words(fromPage(command)).slice(1), {
    stdout: write,
    stderr: write,
    terminal: {
      columns: 120,
      ask: async (question) => {
        const answer = /^Type (\S+) /.exec(question)?.[1] ?? /\((yes)\)/.exec(question)?.[1] ?? '';
        screen += `${question}${answer}\n`;
        await ops.clock.sleep(4_000);
        return answer;
      },
    },
  });
  // Of a line that is redrawn, what was drawn last.
  return screen
    .split('\n')
    .map((line) => line.split(REDRAWN).at(-1))
    .join('\n');
}

async function aws(ops: Operations, command: string): Promise<string> {
  const read = readAwsCommand(fromPage(command));
  if (read?.service !== 'secretsmanager') throw new Error(`no service here: ${command}`);
  const { secrets } = inProcess({ services: { secretsmanager: ops.keys.secrets } });
  return printAnswer(
    JSON.parse(JSON.stringify(await (secrets as SecretsManagerClient).send(read.command as never))) as object,
  );
}

it('docs/operations.md shows what its commands print', async () => {
  expect(steps.length).toBeGreaterThan(15);
  const ops = await operations({ looks: 3 });
  const printed: Step[] = [];
  for (const { info, command, output } of steps) {
    if (!(info in EVENTS)) throw new Error(`nobody knows what happened: ${info}`);
    await EVENTS[info]?.(ops);
    const [program, file = ''] = words(command);
    if (program === 'cat') await writeFile(join(ops.folder, file), output);
    const said = program === 'cat' ? output : toPage(await (program === 'aws' ? aws : edgepass)(ops, command));
    printed.push({ info, command, output: said });
    await ops.clock.sleep(60_000);
  }
  if (process.env.UPDATE_DOCS) update(printed);
  else expect(printed).toEqual(steps);

  // In the end the edge has keys and revocations.
  const content = ops.keys.keyValues.content(STORE);
  expect(ops.keys.state().keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining(ops.kids('signing')));
  expect([...content.keys()].filter((key) => key.startsWith('r.'))).toHaveLength(3);
});

function update(printed: readonly Step[]): void {
  const left = [...printed];
  const written = page.replace(BLOCK, (_all, info: string, text: string) => {
    const inside = left
      .splice(0, text.split(/^\$ /m).length - 1)
      .map(({ command, output }) => `$ ${command}\n${output}`);
    return `\`\`\`console${info === '' ? '' : ` ${info}`}\n${inside.join('')}\`\`\``;
  });
  writeFileSync(FILE, written);
}
