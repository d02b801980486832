/** What every module folder must have. Each failure is a list of sentences that say what is missing. */
import { describe, expect, test } from 'vitest';
import { contractFaults } from '../../generator/modules/contract-faults.ts';
import { renderConfig } from '../templates/rendering.ts';
import { contractOf, fileOf, filesBelow, has, moduleIds, textOf } from './folders.ts';

const NEEDED = ['module.ts', 'schema.json', 'example.yaml', 'README.md'];

test('there are modules', () => expect(moduleIds).not.toEqual([]));

describe.each(moduleIds)('module %s', (id) => {
  test('has its files', () => {
    const missing = NEEDED.map((name) => fileOf(id, name)).filter((file) => !has(file));
    expect(missing.map((file) => `${file} is missing.`)).toEqual([]);
  });

  test('exports a contract', async () => {
    expect(contractFaults(await contractOf(id))).toEqual([]);
  });

  test('has all its templates, and no other', async () => {
    const { stacks, contributes = [] } = await contractOf(id);
    const stated = [...Object.values(stacks), ...contributes].map(({ template }) => fileOf(id, template));
    const there = filesBelow(`templates/${id}`, '.hbs');
    expect([
      ...stated
        .filter((file) => !has(file))
        .map((file) => `${file} is stated in module.ts, but there is no such file.`),
      ...there.filter((file) => !stated.includes(file)).map((file) => `${file} is in no stack and no contribution.`),
    ]).toEqual([]);
  });

  test('has the entries of its functions', async () => {
    const { functions } = await contractOf(id);
    const missing = Object.entries(functions).filter(([, { entry }]) => !has(`runtime/${id}/${entry}`));
    expect(missing.map(([name, { entry }]) => `Function ${name} needs runtime/${id}/${entry}.`)).toEqual([]);
  });

  test('requires and imports what there is', async () => {
    const { requires, imports } = await contractOf(id);
    const sentences = requires
      .filter((other) => !moduleIds.includes(other))
      .map((other) => `It requires ${other}, which is no module.`);
    for (const { output } of imports) {
      const [owner = '', name = ''] = output.split('.');
      if (owner !== id && !requires.includes(owner))
        sentences.push(`It imports ${output} and does not require ${owner}.`);
      else if (!(name in (await contractOf(owner)).outputs))
        sentences.push(`${owner} has no output ${name} to import.`);
    }
    expect(sentences).toEqual([]);
  });

  test('says what its outputs, permissions and exceptions are for', async () => {
    const { outputs, permissions, functions, runtimeOwned, stateful, title, summary } = await contractOf(id);
    const reasons: [string, string][] = [
      ['title', title],
      ['summary', summary],
      ...Object.entries(outputs).map(([name, { description }]): [string, string] => [`output ${name}`, description]),
      ...permissions.map(({ action, because }): [string, string] => [`permission ${action}`, because]),
      ...Object.values(functions).flatMap((fn) =>
        fn.kind === 'lambda' ? fn.permissions.map((p): [string, string] => [`permission ${p.action}`, p.because]) : [],
      ),
      ...[...runtimeOwned, ...stateful].map((item): [string, string] => [item.resource, item.because]),
    ];
    expect(reasons.filter(([, text]) => !text?.trim()).map(([name]) => `There are no words on ${name}.`)).toEqual([]);
  });

  test('asks for single actions only', async () => {
    const { permissions } = await contractOf(id);
    const actions = permissions.map(({ action }) => action);
    expect([
      ...actions
        .filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))
        .map((a) => `${a} is not one IAM action.`),
      ...actions.filter((action, index) => actions.indexOf(action) !== index).map((a) => `${a} is stated twice.`),
    ]).toEqual([]);
  });

  test('explains every output in its README', async () => {
    const readme = textOf(fileOf(id, 'README.md'));
    const { outputs } = await contractOf(id);
    const silent = Object.keys(outputs).filter((name) => !readme.includes(`\`${name}\``));
    expect(silent.map((name) => `README.md says nothing about the output \`${name}\`.`)).toEqual([]);
  });

  test('has an example that uses it and renders', async () => {
    const { stacks } = await renderConfig(fileOf(id, 'example.yaml'));
    for (const rendered of Object.values(stacks)) {
      const contract = await contractOf(id);
      const missing = Object.keys(contract.stacks).filter(
        (name) => !rendered.some((stack) => stack.id === `${id}.${name}`),
      );
      expect(missing.map((name) => `The example does not render the stack ${name}.`)).toEqual([]);
    }
  });
});
