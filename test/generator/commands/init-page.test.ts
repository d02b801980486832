/** docs/start.md shows what init does: its commands are run in order, as a reader would, and its conversation is held. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../helpers/config.ts';
import { run } from '../../helpers/fake-io.ts';
import { blocks } from '../../repository/docs-blocks.ts';
import { initFolder } from './init-project.ts';

const PAGE = 'docs/start.md';
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'edgepass-start-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = blocks(PAGE);
const [transcript] = all.filter(({ info }) => info === 'transcript');
/** Commands with what the page says they print. The first one opens the conversation, which a process without terminal cannot hold. */
const steps = all
  .filter(({ info }) => info === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)] as const)
  .slice(1);

/** The file of the import is the one that the page shows. */
const shown = steps.find(([command]) => command === 'cat solution.context.json')?.[1] ?? '';
writeFileSync(join(folder, 'solution.context.json'), shown);

let where = folder;

describe(PAGE, () => {
  it('has commands', () => expect(steps.length).toBeGreaterThan(6));

  it('shows the conversation', async () => {
    expect(steady(await converse(transcript?.text ?? ''))).toBe(steady(transcript?.text ?? ''));
  });

  it.each(steps)('%s', (command, output) => {
    const into = /^cd (\S+)$/.exec(command)?.[1];
    if (into !== undefined) {
      where = join(where, into);
      return;
    }
    if (command.includes('--from')) where = folder;
    const script = `npx() { shift; "$NODE" "$CLI" "$@"; }\n${command}\n`;
    const env = { PATH: process.env.PATH, NODE: process.execPath, CLI: join(root, 'dist/cli.js'), NO_COLOR: '1' };
    const cwd = command === 'cat solution.context.json' ? folder : where;
    const { stdout } = spawnSync('bash', ['-c', `exec 2>&1 </dev/null\n${script}`], { cwd, encoding: 'utf8', env });
    expect(steady(stdout)).toBe(steady(output));
  });

  it('names every member of the file in its table', async () => {
    const members = Object.entries(JSON.parse(shown) as Record<string, Record<string, unknown>>).flatMap(
      ([section, values]) => [section, ...Object.keys(values).map((name) => `${section}.${name}`)],
    );
    const rows = [...readFileSync(join(root, PAGE), 'utf8').matchAll(/^\| (`.*?) \|/gm)].map((row) => row[1] as string);
    const stated = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string));
    const unnamed = members.filter((member) => /^(main|hls|dash)\./.test(member) && !stated.includes(member));
    expect([unnamed, stated]).toEqual([[], expect.arrayContaining(['api', 'sessionRevocation'])]);
  });
});

/** Digests change with the code of the edge, and which workflows there are is not this page's business. */
function steady(text: string): string {
  return text
    .replace(/ [0-9a-f]{12}$/gm, ' <digest>')
    .replace(/^written {2}\S*\.github\/.*\n/gm, '')
    .trimEnd();
}

/** What the terminal shows: each answer of the page is typed when its prompt is there, and echoed. */
async function converse(page: string): Promise<string> {
  const answers = [...page.matchAll(/^[\w.]+(?:, .*| \[.*\]): ?(.*)$/gm)].map((match) => match[1] as string);
  const { folder: cwd } = await initFolder();
  const stdin = new PassThrough();
  let screen = '';
  await run(['init', 'acme'], {
    cwd,
    version: '0.1.0',
    interactive: true,
    stdin,
    stderr: (text) => {
      screen += text;
      if (!text.endsWith(': ')) return;
      const answer = answers.shift();
      if (answer === undefined) stdin.end();
      else stdin.write(`${answer}\n`);
      screen += `${answer}\n`;
    },
  });
  return screen.replace(/ +$/gm, '');
}
