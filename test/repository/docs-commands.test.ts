/** Docs promise no command that there is not, and name every error of the issuing library. */
import { expect, it } from 'vitest';
import { COMMANDS } from '../../generator/commands/index.ts';
import { keys } from '../../generator/commands/keys.ts';
import { sessions } from '../../generator/commands/sessions.ts';
import { token } from '../../generator/commands/token.ts';
import { issuerCodes, pages, read } from './docs-blocks.ts';

const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'schema/README.md',
].concat(['docs', 'templates', 'test/vectors', 'test/adversarial'].flatMap(pages));
const commands = COMMANDS.map(({ name }) => name);
const groups = [keys, sessions, token].map(({ name, verbs }) => [name, verbs.map((verb) => verb.name)] as const);
/** Other programs that pages call with options. */
const PROGRAMS = ['aws', 'curl', 'edgepass', 'git', 'jq', 'njs', 'node', 'npm', 'npx', 'python3', 'sh', 'vitest'];

/** Code of a page: spans, and the lines of its blocks but for printed diagnostics, which are sentences. */
function code(page: string): string[] {
  const text = read(page);
  const fences = [...text.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...fences, ...spans].filter((text) => !/\b(?:error|warning|notice) EP\d{4} /.test(text));
}

const all = PAGES.flatMap((page) => code(page).map((text) => ({ page, text })));

/** Names that stand where a command's name stands, several of them as `decode | verify`. */
function called(text: string, before: string): string[] {
  return [...text.matchAll(new RegExp(`(?:^|[ (])${before} ([a-z][a-z-]*(?: \\| [a-z][a-z-]*)*)`, 'g'))].flatMap(
    ([, names = '']) => names.split(' | '),
  );
}

it('names only commands that there are', () => {
  const named = all.flatMap(({ page, text }) => called(text, 'edgepass').map((name) => ({ page, name })));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ name }) => !commands.includes(name))).toEqual([]);
});

it.each(groups)('names only verbs of `%s` that there are', (group, verbs) => {
  const named = all.flatMap(({ page, text }) => called(text, `edgepass ${group}`).map((name) => ({ page, name })));
  expect(named.length).toBeGreaterThan(group === 'token' ? 8 : 1);
  expect(named.filter(({ name }) => !verbs.includes(name))).toEqual([]);
});

it('leaves nobody to take a word with options for a command', () => {
  const words = all.flatMap(({ page, text }) => {
    const [, word] = /^([a-z][a-z-]*)(?: [a-z][a-z-]*)?(?: --?[a-z]| <[a-z]+>)/.exec(text) ?? [];
    return word === undefined ? [] : [{ page, word }];
  });
  expect(words.length).toBeGreaterThan(5);
  expect(words.filter(({ word }) => ![...commands, ...PROGRAMS].includes(word))).toEqual([]);
});

it('lists every command in the README, and every verb', () => {
  const rows = [...read('README.md').matchAll(/^\| `([a-z-]+)(?: ([^`]+))?` \|/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual([...commands].sort());
  for (const [group, verbs] of groups) {
    const listed = rows.find(([, name]) => name === group)?.[2]?.split('\\|');
    expect(listed?.sort()).toEqual([...verbs].sort());
  }
});

it('says of every code of an `IssueError` what it means and what to do', () => {
  const rows = [...read('docs/integration/issuing.md').matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(issuerCodes().sort());
  for (const [row, , meaning = '', advice = ''] of rows)
    expect([meaning.length > 5, advice.length > 5], row).toEqual([true, true]);
});
