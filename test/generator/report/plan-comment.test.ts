/** The comment on a pull request: an example that the documentation shows, its limit, and what names cannot do to it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PreviewEnvironment, PreviewResource, PreviewStack } from '../../../generator/aws/preview-report.ts';
import { code, link, prose } from '../../../generator/report/markdown-text.ts';
import { MAX_COMMENT, type PlanSource, planComment } from '../../../generator/report/plan-comment.ts';
import { deployment } from '../../helpers/deployment.ts';

const DIGEST = 'a'.repeat(64);

function stack(over: Partial<PreviewStack> = {}): PreviewStack {
  return {
    id: 'base.edge',
    name: 'acme-dev-base-edge',
    region: 'us-east-1',
    action: 'update',
    source: 'both',
    fingerprint: 'f',
    resources: [],
    parameters: [],
    outputs: [],
    permissions: [],
    findings: [],
    stateful: [],
    ...over,
  };
}

function resource(over: Partial<PreviewResource> = {}): PreviewResource {
  return { id: 'Rules', type: 'AWS::WAFv2::RuleGroup', action: 'modify', in: 'both', properties: [], ...over };
}

function source(stacks: PreviewStack[], over: Partial<PreviewEnvironment> = {}): PlanSource {
  const environment: PreviewEnvironment = {
    name: 'dev',
    project: 'acme',
    account: '111111111111',
    region: 'eu-west-1',
    protected: false,
    manifest: DIGEST,
    plan: DIGEST,
    changes: stacks.some(({ action }) => action !== 'none'),
    stacks,
    risks: [],
    ...over,
  };
  return { label: environment.name, environments: [environment], diagnostics: [] };
}

describe('docs/plan-comment.md', () => {
  it('is what a change with an added, a changed and a replaced resource and wider permissions gives', async () => {
    const { run, must, output, folder } = await deployment({ protected: true });
    await must(['deploy', '--yes']);
    const actions = ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'];
    await output({ protected: true, rules: 'sessions that were revoked', tableKey: 'sid', actions, alone: true });
    const report = await run(['preview', '--json']);
    await writeFile(join(folder, 'dev.json'), report.stdout);
    const { code: exit, stdout } = await run(['comment', 'plan', 'dev.json']);
    expect(exit).toBe(0);
    const page = `<!-- Written by test/generator/report/plan-comment.test.ts. Do not edit: npx vitest run -u. -->\n${stdout.replace(/ dev=[0-9a-f]{64}/, ` dev=${'0'.repeat(64)}`).replace(/<code>[0-9a-f]{12}<\/code>/, `<code>${'0'.repeat(12)}</code>`)}`;
    await expect(page).toMatchFileSnapshot('../../../docs/plan-comment.md');
    for (const text of ['| 1 |', '**is replaced**', '**allows more**', '(new)']) expect(stdout).toContain(text);
  });
});

describe('the table', () => {
  it('has a row for each stack that changes, and folds the others', () => {
    const text = planComment([
      source([
        stack({ resources: [resource(), resource({ id: 'B', action: 'add' })] }),
        stack({ id: 'x.y', action: 'none' }),
      ]),
    ]);
    expect(text).toContain('| <code>dev</code> | <code>base.edge</code> | 1 | 1 |  |  |  |');
    expect(text).toContain('<summary>1 unchanged</summary>');
    expect(text).not.toContain('| <code>dev</code> | <code>x.y</code>');
  });

  it('says so when nothing would change, when a preview failed, and when there is none', () => {
    expect(planComment([source([stack({ action: 'none' })])])).toContain('Nothing would change.');
    const failed: PlanSource = {
      label: 'prod',
      environments: [],
      diagnostics: [{ code: 'EP7012', severity: 'error', message: 'Expired.', hint: 'Sign in.' }],
    };
    const text = planComment([failed, { label: 'staging', environments: [], diagnostics: [], missing: true }]);
    expect(text).toContain('2 previews failed');
    expect(text).toContain('<code>prod</code>: EP7012 Expired. Sign in.');
    expect(text).toContain('<code>staging</code>: there is no preview');
    expect(text).not.toContain('Nothing would change');
  });

  it('carries the whole digest of each plan, hidden, and marks what the change set and the templates disagree on', () => {
    const text = planComment([
      source([stack({ resources: [resource({ in: 'template' }), resource({ templateSays: 'replace' })] })]),
    ]);
    expect(text.split('\n')[0]).toBe(`<!-- edgepass:plan dev=${DIGEST} -->`);
    expect(text).toContain('not in the change set of AWS');
    expect(text).toContain('the templates say: replace');
  });
});

describe('the limit', () => {
  const properties = Array.from({ length: 30 }, (_, i) => ({
    path: `Property${i}`,
    before: 'x'.repeat(60),
    after: 'y'.repeat(60),
    in: 'both' as const,
  }));
  const many = (count: number, over: Partial<PreviewResource> = {}): PreviewResource[] =>
    Array.from({ length: count }, (_, i) => resource({ id: `Resource${i}`, properties, ...over }));

  it('is kept by leaving out what matters least, which the comment says', () => {
    const stacks = [
      stack({ id: 'a.plain', resources: many(30) }),
      stack({ id: 'b.replaced', resources: many(5, { action: 'replace' }) }),
    ];
    const text = planComment([source(stacks)], { artifact: 'https://github.com/o/r/actions/runs/1' });
    expect(text.length).toBeLessThan(65_535);
    expect(text).toContain('[the artifact of this run](https://github.com/o/r/actions/runs/1)');
    const [plain = '', replaced = ''] = text.split('<details>').slice(1);
    expect(plain).not.toContain('Property0');
    expect(plain).toContain('Resource29');
    expect(replaced).toContain('Property0');
    const full = planComment([source(stacks)], { full: true });
    expect(full).toContain('Property29');
    expect(full).not.toContain('left out');
  });

  it('holds for thousands of stacks, and for names without end', () => {
    const stacks = Array.from({ length: 3000 }, (_, i) => stack({ id: `m.s${i}`, resources: many(2) }));
    const text = planComment([source(stacks)]);
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text).toContain('<code>m.s0</code>');
    expect(text).toContain('left out');
    expect(planComment([source([stack({ id: 'x'.repeat(200_000) })])]).length).toBeLessThanOrEqual(MAX_COMMENT);
    const risks = [{ kind: 'replace-state' as const, stack: 'a', message: 'm'.repeat(90_000), needsAllow: true }];
    expect(planComment([source([stack()], { risks })]).length).toBeLessThanOrEqual(MAX_COMMENT);
  });
});

describe('text of others', () => {
  const nasty =
    '</code></details>|`@octocat` ![x](http://e) **b** #1 <!-- \n- [ ] x\u202e$a$ https://evil.example www.evil.example';

  it('breaks nothing and notifies nobody, wherever it stands', () => {
    const hit = stack({
      id: nasty,
      blocked: { message: nasty, hint: nasty },
      resources: [
        resource({
          id: nasty,
          type: nasty,
          place: { file: nasty, line: 1 },
          properties: [{ path: nasty, before: nasty, after: { [nasty]: 1 }, cause: nasty, in: 'both' }],
        }),
      ],
      parameters: [{ name: nasty, before: nasty, after: nasty, from: nasty }],
      outputs: [{ name: nasty, change: 'added', values: [] }],
      permissions: [
        {
          change: 'changed',
          widens: true,
          effect: nasty,
          principals: nasty,
          actions: [nasty],
          resources: [nasty],
          addedActions: [nasty],
          condition: nasty,
        },
      ],
      findings: [{ mode: 'FAIL', name: nasty, message: nasty }],
    });
    const risks = [{ kind: 'replace-state' as const, stack: nasty, message: nasty, needsAllow: true }];
    const text = planComment([{ ...source([hit], { name: nasty, risks }) }]);
    const ours = text.split('\n').slice(1).join('\n');
    for (const bad of ['</details>|', '@octocat', '![', '**b**', '<!--', '- [ ]', '\u202e', '$a$', '://', 'www.e'])
      expect(ours, bad).not.toContain(bad);
    const pairs = (tag: string): number => text.split(tag).length;
    expect(pairs('<details>')).toBe(pairs('</details>'));
    expect(pairs('<code>')).toBe(pairs('</code>'));
    expect(text.split('\n')[0]).toBe('<!-- edgepass:plan -->');
    const row = text.split('\n').find((line) => line.startsWith('| <code>'));
    expect(row?.split('|')).toHaveLength(9);
  });

  it('says the same as before when it is read again', () => {
    expect(code('a|b')).toBe('<code>a&#124;b</code>');
    expect(prose('see @team and #12')).toBe('see &#64;&#8288;team and &#35;&#8288;12');
    expect(link('here', 'javascript:alert(1)')).toBe('here');
  });
});
