import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../generator/modules/discover.ts';
import { contractLoader } from '../../../generator/modules/load-contract.ts';

const CONTRACT = `export default { title: 'T', summary: 'S', requires: [], stacks: {}, functions: {}, outputs: {}, imports: [],
  view: () => ({}), rules: () => [], runtimeOwned: [], stateful: [], permissions: [] };`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgepass-discover-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function root(name: string, modules: Record<string, { schema?: string; contract?: string }>): Promise<string> {
  for (const [id, { schema, contract }] of Object.entries(modules)) {
    const templates = join(folder, name, 'templates', id);
    await mkdir(templates, { recursive: true });
    if (schema !== undefined) await writeFile(join(templates, 'schema.json'), schema);
    if (contract !== undefined) await writeFile(join(templates, 'module.ts'), contract);
  }
  return join(folder, name);
}

const found = async (...roots: string[]) => {
  const result = await discover({
    roots,
    loadContract: contractLoader({ root: folder, cacheDir: join(folder, 'cache') }),
  });
  return {
    ids: result.ok ? result.value.map((m) => m.id) : [],
    codes: result.diagnostics.map((d) => d.code),
    texts: result.diagnostics.map((d) => d.message),
  };
};

describe('discover', () => {
  it('finds modules of the package and of the operator, by folder alone', async () => {
    const own = await root('package', { zeta: { schema: '{}', contract: CONTRACT } });
    const operator = await root('operator', { alpha: { schema: '{}', contract: CONTRACT } });
    expect(await found(own, operator, own)).toMatchObject({ ids: ['alpha', 'zeta'], codes: [] });
  });

  it('finds none where there is no templates folder', async () => {
    expect(await found(join(folder, 'nothing-here'))).toMatchObject({ ids: [], codes: [] });
  });

  it('names both folders of a module defined twice', async () => {
    const a = await root('twin-a', { same: { schema: '{}', contract: CONTRACT } });
    const b = await root('twin-b', { same: { schema: '{}', contract: CONTRACT } });
    const { codes, texts } = await found(a, b);
    expect(codes).toEqual(['EP2002']);
    expect(texts[0]).toContain(join(a, 'templates', 'same'));
  });

  it.each<[string, { schema?: string; contract?: string }, string]>([
    ['no schema', { contract: CONTRACT }, 'schema.json cannot be read'],
    ['a broken schema', { schema: '{', contract: CONTRACT }, 'schema.json cannot be read'],
    ['no contract', { schema: '{}' }, 'module.ts cannot be loaded'],
    ['a contract that is no TypeScript', { schema: '{}', contract: 'export default {' }, 'cannot be loaded. Expected'],
    [
      'a contract that imports what is not there',
      { schema: '{}', contract: `import '../gone.ts'; ${CONTRACT}` },
      '"../gone.ts" cannot be found',
    ],
    ['a contract that throws', { schema: '{}', contract: 'throw new Error("boom")' }, 'boom'],
    ['no default export', { schema: '{}', contract: 'export const a = 1;' }, 'no contract as its default export'],
    ['a missing member', { schema: '{}', contract: CONTRACT.replace("title: 'T', ", '') }, '`title` is missing'],
    [
      'an unknown member',
      { schema: '{}', contract: CONTRACT.replace("title: 'T'", "title: 'T', colour: 1") },
      '`colour` is not a member',
    ],
    [
      'a stack without placement',
      {
        schema: '{}',
        contract: CONTRACT.replace('stacks: {}', "stacks: {home: {template: 'a.yaml.hbs', description: 'd'}}"),
      },
      'needs a `placement`',
    ],
    [
      'a function of unknown kind',
      { schema: '{}', contract: CONTRACT.replace('functions: {}', "functions: {f: {kind: 'worker', entry: 'f.ts'}}") },
      'no known `kind`',
    ],
    [
      'an output of no stack',
      { schema: '{}', contract: CONTRACT.replace('outputs: {}', "outputs: {arn: {stack: 'home', description: 'd'}}") },
      'names no stack',
    ],
  ])('says in plain words what is wrong: %s', async (name, files, words) => {
    const { codes, texts } = await found(await root(`bad-${name.replace(/\W/g, '-')}`, { broken: files }));
    expect(codes).toEqual(['EP2001']);
    expect(texts.join('\n')).toContain(words);
  });

  it('gives the place of what cannot be imported', async () => {
    const own = await root('place', { one: { schema: '{}', contract: `\nimport '../gone.ts'; ${CONTRACT}` } });
    const { diagnostics } = await discover({
      roots: [own],
      loadContract: contractLoader({ root: folder, cacheDir: undefined }),
    });
    expect(diagnostics[0]?.place).toMatchObject({ file: join(own, 'templates/one/module.ts'), line: 2, column: 8 });
  });

  it('loads a changed contract anew, though the old one is in the cache', async () => {
    const own = await root('changing', { one: { schema: '{}', contract: CONTRACT } });
    const title = async (): Promise<string | undefined> => {
      const result = await discover({
        roots: [own],
        loadContract: contractLoader({ root: folder, cacheDir: join(folder, 'cache') }),
      });
      return result.ok ? result.value[0]?.contract.title : undefined;
    };
    expect(await title()).toBe('T');
    await root('changing', { one: { contract: CONTRACT.replace("'T'", "'New'") } });
    expect(await title()).toBe('New');
  });
});
