import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../../helpers/config.ts';
import { describeWith, toolPath } from '../../helpers/needs.ts';
import { toyProject } from '../../helpers/toy-project.ts';

describe('edgepass new-module', () => {
  it('writes the two folders and nothing else', async () => {
    const project = await toyProject();
    const before = Object.keys(await project.files());
    const { code, stderr } = await project.run(['new-module', 'water-mark']);
    expect(code).toBe(0);
    expect(stderr).toContain('modules: {water-mark: {}}');
    expect(Object.keys(await project.files()).filter((path) => !before.includes(path))).toEqual([
      'runtime/water-mark/hello.ts',
      'templates/water-mark/README.md',
      'templates/water-mark/example.yaml',
      'templates/water-mark/home.yaml.hbs',
      'templates/water-mark/module.ts',
      'templates/water-mark/schema.json',
    ]);
  });

  it.each([
    ["of an operator's own repository", false, "'edgepass/contract'"],
    ['of the package itself', true, "'../../generator/modules/contract.ts'"],
  ])('makes a module %s that validates, generates and has no findings', async (_where, inPackage, contract) => {
    const project = await toyProject({ inPackage });
    await project.run(['new-module', 'toy', '--title', `It's "mine"`]);
    await project.edit('config.yaml', 'modules: {}', 'modules: {toy: {logRetention: 7}}');
    expect((await project.files())['templates/toy/module.ts']).toContain(`from ${contract};`);
    expect(await project.run(['validate'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing to report'),
    });
    expect(await project.run(['generate', '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"diagnostics": []'),
    });
    const files = await project.files();
    expect(files['out/dev/toy-home.template.yaml']).toContain('RetentionInDays: 7');
    expect(JSON.parse(files['out/dev/manifest.json'] ?? '').functions).toMatchObject([
      { id: 'toy.hello', kind: 'lambda' },
    ]);
  });

  it('makes an example that is a valid configuration', async () => {
    const project = await toyProject();
    await project.run(['new-module', 'toy']);
    await project.write('config.yaml', (await project.files())['templates/toy/example.yaml'] ?? '');
    expect(await project.run(['generate', '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"diagnostics": []'),
    });
  });

  it.each([true, false])(
    'makes code that the type checker has nothing to say about (in the package: %s)',
    async (inPackage) => {
      const project = await toyProject({ inPackage });
      await project.run(['new-module', 'toy']);
      if (inPackage)
        await cp(join(root, 'generator/modules/contract.ts'), join(project.folder, 'generator/modules/contract.ts'));
      else await symlink(root, join(project.folder, 'node_modules/edgepass'));
      const files = ['templates/toy/module.ts', 'runtime/toy/hello.ts'].map((file) => join(project.folder, file));
      const options: ts.CompilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        verbatimModuleSyntax: true,
        exactOptionalPropertyTypes: true,
        allowImportingTsExtensions: true,
      };
      await project.write('package.json', '{"type": "module"}');
      const found = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
      expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
    },
  );

  describeWith(['cfn-lint'], 'and cfn-lint', () => {
    it('has nothing to say about its template', async () => {
      const project = await toyProject();
      await project.run(['new-module', 'toy']);
      await project.edit('config.yaml', 'modules: {}', 'modules: {toy: {}}');
      await project.run(['generate']);
      const program = toolPath('cfn-lint') ?? '';
      const { stdout } = await promisify(execFile)(program, ['out/dev/toy-home.template.yaml'], {
        cwd: project.folder,
      });
      expect(stdout).toBe('');
    });
  });

  it.each(['', 'Toy', '1toy', 'toy_two', 'toy--two', 'toy-', '../toy', 'a'.repeat(32)])(
    'refuses the id %j',
    async (id) => {
      const project = await toyProject();
      const before = await project.files();
      expect((await project.run(['new-module', id])).code).toBe(2);
      expect(await project.files()).toEqual(before);
    },
  );

  it('refuses a title of several lines', async () => {
    const project = await toyProject();
    expect((await project.run(['new-module', 'toy', '--title', 'a\nb'])).code).toBe(2);
    expect(Object.keys(await project.files())).toEqual(['config.yaml']);
  });

  it.each(['templates', 'runtime'])('refuses an id whose folder in %s exists, even as a broken link', async (kind) => {
    const project = await toyProject();
    await mkdir(join(project.folder, kind));
    await symlink('/nowhere', join(project.folder, kind, 'toy'));
    const { code, stderr } = await project.run(['new-module', 'toy']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${kind}/toy: error EP2008`);
    await rm(join(project.folder, kind), { recursive: true });
    expect(Object.keys(await project.files())).toEqual(['config.yaml']);
  });

  it('refuses the id of a module of the package', async () => {
    const project = await toyProject();
    await mkdir(join(project.packageRoot, 'templates/toy'), { recursive: true });
    expect(await project.run(['new-module', 'toy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP2008'),
    });
    expect(Object.keys(await project.files())).toEqual(['config.yaml']);
  });

  it.runIf(process.getuid?.() !== 0)('leaves nothing behind when the second folder cannot be written', async () => {
    const project = await toyProject();
    await mkdir(join(project.folder, 'runtime'));
    await chmod(join(project.folder, 'runtime'), 0o555);
    expect(await project.run(['new-module', 'toy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP2009'),
    });
    expect(existsSync(join(project.folder, 'templates'))).toBe(false);
  });

  it('leaves nothing behind when a file is where a folder belongs', async () => {
    const project = await toyProject();
    await project.write('runtime', 'a file');
    expect(await project.run(['new-module', 'toy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP2009'),
    });
    expect(Object.keys(await project.files())).toEqual(['config.yaml', 'runtime']);
    expect(existsSync(join(project.folder, 'templates'))).toBe(false);
  });
});

describe('the story of a module', () => {
  it('comes, is filled in, and goes without a trace', async () => {
    const project = await toyProject();
    const must = async (...argv: string[]): Promise<void> => {
      const { code, stderr } = await project.run(argv);
      expect(stderr).not.toContain('error');
      expect(code).toBe(0);
    };
    const outside = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        Object.entries(await project.files()).filter(([path]) => !/^(templates|runtime)\/toy\//.test(path)),
      );
    // One module stays all the time: its output must not change either.
    await must('new-module', 'other');
    await project.edit('config.yaml', 'modules: {}', 'modules: {other: {}}');
    await must('schema');
    await must('generate');
    const before = await outside();

    await must('new-module', 'toy', '--title', 'Toy');
    expect(await outside()).toEqual(before);
    await project.edit(
      'templates/toy/schema.json',
      '"properties": {',
      '"properties": {"greeting": {"title": "Greeting", "description": "What the function says.", "type": "string", "default": "Hi", "examples": ["Hello"]},',
    );
    await project.edit(
      'templates/toy/module.ts',
      'logRetention: number;',
      'logRetention: number;\n  greeting: string;',
    );
    await project.edit(
      'templates/toy/module.ts',
      'view: ({ logRetention }) => ({ logRetention,',
      'view: ({ logRetention, greeting }) => ({ logRetention, greeting,',
    );
    await project.edit('templates/toy/home.yaml.hbs', 'Description: Greets', "Description: {{value 'greeting'}}");
    await project.edit('config.yaml', 'modules: {other: {}}', 'modules: {other: {}, toy: {greeting: "Good evening"}}');
    await must('schema');
    await must('generate');
    const during = await project.files();
    expect(during['schema/config.schema.json']).toContain('What the function says.');
    expect(during['out/prod/toy-home.template.yaml']).toContain('Description: Good evening');
    expect(during['out/prod/other-home.template.yaml']).toBe(before['out/prod/other-home.template.yaml']);

    await rm(join(project.folder, 'templates/toy'), { recursive: true });
    await rm(join(project.folder, 'runtime/toy'), { recursive: true });
    await project.edit('config.yaml', 'modules: {other: {}, toy: {greeting: "Good evening"}}', 'modules: {other: {}}');
    await must('schema');
    await must('generate');
    expect(await project.files()).toEqual(before);
  });
});
