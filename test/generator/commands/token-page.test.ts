/** The page about the command shows what the command prints: its blocks are run, in order, as a reader would. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../helpers/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'edgepass-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
cpSync(join(root, 'config.yaml'), join(folder, 'config.yaml'));

const page = readFileSync(join(root, 'docs/token-command.md'), 'utf8');
const blocks = [...page.matchAll(/^```console\n([\s\S]+?)^```$/gm)].map((match) => match[1] as string);
const steps = blocks.flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [, command = '', output = ''] = /^((?:.*\\\n)*.*\n)([\s\S]*)$/.exec(text) ?? [];
      return [command.trim(), output.trimEnd()] as const;
    }),
);

/** What differs from run to run. */
function steady(text: string): string {
  return text
    .trimEnd()
    .replace(/trial-[\w-]{8}/g, 'trial-<id>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<time>')
    .replace(/\b1[789]\d{8}\b/g, '<seconds>')
    .replace(/(?<=session |^ {2}|\bssn {6}|com\/)[\w-]{22}(?= |\.<token>|$)/gm, '<session>')
    .replace(/\bissued (?:now|[\w ]+ ago)/g, 'issued <recently>')
    .replace(/\bin (?:4 h|3 h \d+ min)(?! s)/g, 'in <4 h>')
    .replace(/\b1[34]\d{3} s more/g, '<4 h> more');
}

describe('docs/token-command.md', () => {
  it('has commands', () => expect(steps.length).toBeGreaterThan(4));

  it.each(steps)('%s', (command, output) => {
    const script = `edgepass() { "$NODE" "$CLI" "$@"; }\n${command}\n`;
    const env = { PATH: process.env.PATH, NODE: process.execPath, CLI: join(root, 'dist/cli.js'), NO_COLOR: '1' };
    const { stdout } = spawnSync('bash', ['-c', `exec 2>&1\n${script}`], { cwd: folder, encoding: 'utf8', env });
    expect(steady(stdout)).toBe(steady(output));
  });
});
