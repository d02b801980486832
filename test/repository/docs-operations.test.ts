/** docs/operations.md agrees with the code: alarms, widgets, errors, schedules, limits, permissions, and commands of AWS. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandGrants, PERMITTED_COMMANDS, type PermittedCommand } from '../../generator/access/policies.ts';
import type { Json } from '../../generator/modules/contract.ts';
import { KEYS_REFUSALS } from '../../runtime/base/keys-refusal.ts';
import { RecordError } from '../../runtime/keys/record-error.ts';
import { GRACE, MAX_ISSUER_AGE, SKEW } from '../../runtime/keys/rotation-times.ts';
import { bytesOf, MAX_REVOCATIONS } from '../../runtime/sessions/capacity.ts';
import { alarms } from '../../templates/base/alarms.ts';
import { dashboard } from '../../templates/base/dashboard.ts';
import { homeView } from '../../templates/base/home.ts';
import { homeAlarms } from '../../templates/base/home-alarms.ts';
import module from '../../templates/base/module.ts';
import { resourceNames } from '../../templates/base/names.ts';
import { readAwsCommand, words } from '../helpers/aws-cli.ts';
import { root } from '../helpers/config.ts';
import { environmentWith, settingsWith } from '../templates/base/fixture.ts';
import { repositoryModules } from '../templates/rendering.ts';
import { blocks, links, read } from './docs-blocks.ts';

const PAGE = 'docs/operations.md';
const page = read(PAGE);
const environment = environmentWith({ project: 'acme', name: 'prod' });
const settings = settingsWith({ revocation: { waf: true } });

/** First cells of the table below a heading, or all of its cells. */
function rows(after: string, until = '\n#'): string[][] {
  const start = page.indexOf(after);
  const end = page.indexOf(until, start + after.length);
  const part = page.slice(start, end === -1 ? undefined : end);
  return [...part.matchAll(/^\| (.+) \|$/gm)].slice(1).map(([, row = '']) => row.split(' | '));
}
const firsts = (table: string[][], form: RegExp): string[] =>
  table.flatMap(([cell = '']) => [...cell.matchAll(form)].map(([, name = '']) => name));

describe('alarms', () => {
  const ends = (list: readonly Json[], before: string): string[] =>
    (list as { name: string }[]).map(({ name }) => name.slice(before.length)).sort();

  it('each is there, with cause, place and deed', () => {
    const home = rows('-home-…`:', 'In us-east-1,');
    const edge = rows('-edge-…`;', 'Logs of the functions');
    expect(firsts(home, /^`([a-z-]+)`/g).sort()).toEqual(ends(homeAlarms(settings, environment), 'acme-prod-home-'));
    expect(firsts(edge, /^`([a-z-]+)`/g).sort()).toEqual(ends(alarms(environment, settings), 'acme-prod-edge-'));
    for (const row of [...home, ...edge]) expect([row[0], row.length]).toEqual([row[0], 4]);
  });

  it('are explained in the page of the module as well', () => {
    const base = read('templates/base/README.md');
    const missing = ends(homeAlarms(settings, environment), 'acme-prod-home-').filter(
      (name) => !base.includes(`\`${name}\``) && !base.includes(`\`-${name.split('-').slice(2).join('-')}\``),
    );
    expect(missing).toEqual([]);
  });
});

it('every widget of the dashboard is there, in order', () => {
  const { widgets } = JSON.parse(dashboard(settings, environment)) as { widgets: { properties: { title: string } }[] };
  const titles = widgets.map(({ properties }) => properties.title);
  expect(firsts(rows('## Reading the dashboard'), /^\*(.+)\*$/g)).toEqual(titles);
});

it('every error of the workflow is there', () => {
  const named = firsts(rows('### Why an execution failed'), /^`([\w.]+)`/g);
  expect(named.sort()).toEqual(
    [...KEYS_REFUSALS.map((code) => `KeysRefusal.${code}`), new RecordError('').name].sort(),
  );
});

it('says how often things happen as the schedules do', () => {
  const { schedules } = homeView(settings, environment) as unknown as {
    schedules: { id: string; expression: string }[];
  };
  expect(Object.fromEntries(schedules.map(({ id, expression }) => [id, expression]))).toEqual({
    RotationSchedule: 'rate(1 hour)',
    SweepSchedule: 'rate(5 minutes)',
    ReconcileSchedule: 'rate(6 hours)',
  });
  for (const text of [
    '| every hour |',
    '| every 5 minutes |',
    '| every 6 hours |',
    '`RotationSchedule`',
    '`SweepSchedule`',
  ])
    expect(page).toContain(text);
});

it('has the numbers of the code', () => {
  const { keys } = (parse(read('templates/base/schema.json')) as Schema).properties;
  expect([keys.properties.rotateEvery?.default, keys.properties.propagation?.default]).toEqual(['30d', '5m']);
  expect([GRACE / 86_400, MAX_ISSUER_AGE / 60, (2 * SKEW) / 60]).toEqual([7, 5, 4]);
  const room = Math.floor(MAX_REVOCATIONS / bytesOf('s'.repeat(22)));
  expect([Math.floor(room / 1000), Math.floor((room * 0.8) / 10_000)]).toEqual([188, 15]);
  expect(read('templates/base/home.yaml.hbs')).toContain(`MessageRetentionPeriod: ${14 * 86_400}`);
  for (const text of [
    'seven days',
    '5 minutes',
    '4 min after',
    '188,000',
    '150,000',
    '14 days',
    'up to 200 characters',
  ])
    expect(page).toContain(text);
});

interface Schema {
  properties: { keys: { properties: Record<string, { default?: string }> } };
}

it('names outputs, secrets and resources that there are', () => {
  const outputs = Object.keys(module.outputs).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  const named = [...page.matchAll(/outputs? `(\w+)`/g), ...page.matchAll(/and `(\w+)` \(us-east-1\)/g)].map(
    (match) => match[1],
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !outputs.includes(name ?? ''))).toEqual([]);
  const names = resourceNames(environment, settings);
  const template = read('templates/base/home.yaml.hbs');
  for (const id of ['KeysLog', 'RevocationsLog', 'RevocationsFunction']) expect(template).toContain(`\n  ${id}:\n`);
  for (const text of [names.revocationTable, names.keyRecord]) expect(page).toContain(text);
  expect(page).toContain(names.log.replace('acme-prod', '<project>-<environment>'));
  expect(page).toContain(names.issuerRecord.replace('acme/prod', '<project>/<environment>'));
});

describe('commands of AWS', () => {
  const lines = blocks(PAGE)
    .filter(({ info }) => info === 'sh' || info.startsWith('console'))
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/^\$ /, '').replace(/ \|.*$/, ''))
    .filter((line) => line.startsWith('aws '));
  const spans = [...page.matchAll(/`(aws [^`]+)`/g)].map(([, line = '']) => line);

  it('are there', () => expect(lines.length + spans.length).toBeGreaterThan(10));

  it.each([...lines, ...spans])('%s', (line) => {
    const read = readAwsCommand(line);
    // Of these services the tests have no client.
    if (read === undefined) expect(['aws lambda invoke', 'aws logs tail']).toContain(words(line).slice(0, 3).join(' '));
    expect(line).toContain('--region eu-west-1');
  });

  it('a mistake in one would be seen', () => {
    const wrong = [
      'aws sqs purge-queues --queue-url x',
      'aws sqs purge-queue --queue x',
      'aws secretsmanager update-secret-version-stage --secret-id x',
      'aws sqs purge-queue x',
    ];
    for (const line of wrong) expect(() => readAwsCommand(line), line).toThrow();
  });
});

describe('permissions', async () => {
  const { modules } = await repositoryModules();
  const scope = { project: 'acme', environment: 'prod', account: '111111111111', region: 'eu-west-1', modules };
  const COMMANDS = ['keys', 'void', 'mode', 'revoke', 'unrevoke', 'sessions'] as const satisfies PermittedCommand[];
  const EVERY = ['cloudformation:DescribeStacks', 'sts:GetCallerIdentity'];

  it('of each command are those of its policy (UPDATE_DOCS=1 npx vitest run test/repository/docs-operations.test.ts)', () => {
    expect(COMMANDS.filter((command) => !PERMITTED_COMMANDS.includes(command))).toEqual([]);
    const lines = COMMANDS.map((command) => {
      const actions = commandGrants(command, scope).flatMap((grant) => grant.actions);
      expect(actions).toEqual(expect.arrayContaining(EVERY));
      const own = [...new Set(actions)].filter((action) => !EVERY.includes(action)).sort();
      return `| \`${command}\` | ${own.map((action) => `\`${action}\``).join(', ')} |`;
    });
    const all = `| each of them | ${EVERY.map((action) => `\`${action}\``).join(', ')} |`;
    const table = ['| command | actions |', '|---|---|', all, ...lines, ''].join('\n');
    const [from, to] = [page.indexOf('test.ts -->\n') + 12, page.indexOf('<!-- end -->')];
    if (process.env.UPDATE_DOCS === '1') writeFileSync(join(root, PAGE), page.slice(0, from) + table + page.slice(to));
    else expect(page.slice(from, to)).toBe(table);
  });

  it('never include reading a secret', () => {
    for (const command of COMMANDS)
      for (const { actions } of commandGrants(command, scope))
        expect(actions.filter((action) => /secretsmanager|keyvaluestore|kms/.test(action))).toEqual([]);
  });
});

it('is linked from where people are', () => {
  for (const from of [
    'README.md',
    'docs/deploy.md',
    'docs/pipelines.md',
    'docs/integration/reasons.md',
    'templates/base/README.md',
  ])
    expect(
      links(from).map(({ target }) => target),
      from,
    ).toContain(PAGE);
});

describe('docs/pipelines.md', () => {
  const lines = blocks('docs/pipelines.md').flatMap(({ text }) =>
    text.split('\n').filter((line) => line.startsWith('gh workflow run')),
  );

  it.each(lines)('%s', (line) => {
    const [, , , file = '', ...rest] = words(line.replace(/"\$\([^)]*\)"/, 'x'));
    const { on } = parse(readFileSync(join(root, 'pipelines/workflows', file), 'utf8')) as { on: Dispatch };
    const { inputs } = on.workflow_dispatch;
    const given = Object.fromEntries(
      rest.filter((word) => word !== '-f').map((word) => word.split('=') as [string, string]),
    );
    expect(Object.keys(given).filter((name) => !(name in inputs))).toEqual([]);
    const required = Object.keys(inputs).filter(
      (name) => inputs[name]?.required && inputs[name]?.default === undefined,
    );
    expect(required.filter((name) => !(name in given))).toEqual([]);
    expect(inputs.action?.options).toContain(given.action);
  });

  it('starts both', () => expect(lines).toHaveLength(2));
});

interface Dispatch {
  workflow_dispatch: { inputs: Record<string, { required?: boolean; default?: string; options?: string[] }> };
}
