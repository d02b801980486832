/** The guides say what is true: links lead somewhere, snippets validate, samples are code, tables have every entry. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { load } from '../../generator/config/load.ts';
import { resolveAll } from '../../generator/config/resolve-all.ts';
import { validate } from '../../generator/config/validate.ts';
import { knownModules } from '../../generator/project.ts';
import { bindingHead, boundAttribute } from '../../runtime/token/binding.ts';
import { networkOf } from '../../runtime/token/network.ts';
import { REASONS, type Reason, statusOf } from '../../runtime/token/verdict.ts';
import { root } from '../helpers/config.ts';
import { anchors, type Block, blocks, links, pages, read, wholeConfig } from './docs-blocks.ts';

const GUIDES = pages('docs/integration');
const all = GUIDES.flatMap(blocks);
const named = (block: Block): string => `${block.page}:${block.line}`;

describe('links', () => {
  it.each(['README.md', ...pages('docs')])('of %s lead to files and headings', (page) => {
    const broken = links(page).filter(({ target, anchor }) => {
      const isThere = existsSync(join(root, target));
      return !isThere || (anchor !== undefined && !anchors(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('lead from the index to every page', () => {
    const linked = links('docs/integration/README.md').map(({ target }) => target);
    expect(linked).toEqual(expect.arrayContaining(GUIDES.filter((page) => !page.endsWith('README.md'))));
  });
});

describe('snippets of config.yaml', async () => {
  const known = await knownModules({ packageRoot: root }, root);
  if (!known.ok) throw new Error(JSON.stringify(known.diagnostics));
  const { modules, schema, checks } = known.value;
  const snippets = all.filter((block) => block.info.startsWith('yaml'));

  it('are there', () => {
    expect(snippets.length).toBeGreaterThan(10);
  });

  it.each(snippets.map((block) => [named(block), block] as const))('%s validates', async (_name, block) => {
    const source = load('config.yaml', wholeConfig(block.text));
    if (!source.ok) throw new Error(JSON.stringify(source.diagnostics));
    const config = validate(source.value, schema, await checks());
    if (!config.ok) throw new Error(JSON.stringify(config.diagnostics));
    const found = resolveAll(config.value, modules).diagnostics;
    const expected = /warns=(\S+)/.exec(block.info)?.[1]?.split(',') ?? [];
    expect(found.map(({ code, severity }) => [code, severity])).toEqual(expected.map((code) => [code, 'warning']));
  });
});

describe('reasons.md', () => {
  const rows = [...read('docs/integration/reasons.md').matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \|$/gm)];

  it('has every reason once, with its status', () => {
    const stated = rows.map((row) => `${row[1]} ${row[2]}`);
    expect(stated.sort()).toEqual(REASONS.map((reason) => `${reason} ${statusOf(reason)}`).sort());
  });

  it('says five things about each', () => {
    for (const row of rows) expect(row[3]?.split(' | ').map((cell) => cell.length > 5)).toEqual(Array(4).fill(true));
  });

  it('names no other reason in the other pages', () => {
    // The words of the library have a page of their own; docs-commands.test.ts looks at it.
    const words = GUIDES.filter((page) => !page.endsWith('/issuing.md'))
      .flatMap((page) => [
        ...read(page).matchAll(
          /`((?:token|path|query|signature|key|audience|policy|binding|method|session|geo|state)_\w+)`/g,
        ),
      ])
      .map((match) => match[1] as string);
    expect(words.length).toBeGreaterThan(50);
    expect([...new Set(words)].filter((word) => !REASONS.includes(word as Reason))).toEqual([]);
  });
});

describe('claims.md', () => {
  it('shows the canonical text of its example', () => {
    const [shown] = blocks('docs/integration/claims.md').filter(({ info }) => info === 'canonical');
    const head = bindingHead('acme-video/prod', '', '1800000000', '1800014400');
    const network = boundAttribute('i', '4/24', networkOf('203.0.113.77', 4, 24));
    expect(shown?.text).toBe(`${head}${network}${boundAttribute('h', 'user-agent', 'TV/1')}\n`);
  });

  it('names every claim that the edge knows', () => {
    const source = /export interface Claims \{([\s\S]+?)\n\}/.exec(read('runtime/token/claims.ts'))?.[1] ?? '';
    const claims = [...source.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1]);
    const stated = [...read('docs/integration/claims.md').matchAll(/^\| ((?:`\w+`(?:, )?)+)/gm)].flatMap((row) =>
      [...(row[1] as string).matchAll(/\w+/g)].map((match) => match[0]),
    );
    expect(claims.length).toBeGreaterThan(15);
    expect(stated).toEqual(expect.arrayContaining(claims));
  });
});

describe('samples', () => {
  const code = all.filter(({ info }) => /^js\b/.test(info));

  it.each(code.map((block) => [named(block), block] as const))('%s is JavaScript', (_name, { text }) => {
    expect(() => parse(text, { ecmaVersion: 2023, sourceType: 'module' })).not.toThrow();
  });

  it('in TypeScript fit the types of the library', () => {
    const texts = (info: string): string[] => all.filter((block) => block.info === info).map(({ text }) => text);
    const calls = texts('ts').map((text) => `async () => {\n${text}\n};\n`);
    expect(texts('ts issuer')).toHaveLength(1);
    expect(calls.length).toBeGreaterThan(6);
    const readme = blocks('README.md').filter(({ info }) => info === 'ts');
    expect(readme).toHaveLength(1);
    const errors = texts('ts errors');
    expect(errors).toHaveLength(1);
    const modules = [[...texts('ts issuer'), ...calls].join('\n'), ...readme.map(({ text }) => text), ...errors];
    expect(typeFaults(modules)).toEqual([]);
  });
});

/** What TypeScript finds in modules that stand in no file. */
function typeFaults(modules: string[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const whole: ts.CompilerOptions = {
    ...options,
    noUnusedLocals: false,
    paths: { 'edgepass/token': [join(root, 'runtime/issuer/index.ts')] },
  };
  const files = new Map(modules.map((text, index) => [join(root, `test/repository/sample-${index}.ts`), text]));
  const host = ts.createCompilerHost(whole);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, rest[0]);
  };
  const program = ts.createProgram([...files.keys()], whole, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((fault) =>
      ts.flattenDiagnosticMessageText(fault.messageText, '\n'),
    );
  });
}
