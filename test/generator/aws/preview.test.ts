import { describe, expect, it } from 'vitest';
import type { PreviewEnvironment, PreviewReport } from '../../../generator/aws/preview-report.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { deployment, EDGE, HOME, lineIn } from '../../helpers/deployment.ts';
import type { Ran } from '../../helpers/fake-io.ts';

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const PREVIEW = ['preview', '--env', 'dev', '--json'];

const report = ({ stdout }: Ran): PreviewEnvironment => {
  const [environment] = (JSON.parse(stdout) as PreviewReport).environments;
  if (environment === undefined) throw new Error(stdout);
  return environment;
};
const diagnostics = ({ stdout }: Ran): Diagnostic[] =>
  (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;

describe('preview', () => {
  it('shows a new environment from the templates, and leaves nothing in AWS', async () => {
    const made = await deployment();
    const ran = await made.run([...PREVIEW, '--fail-on-changes']);
    expect(ran.code).toBe(3);
    expect(report(ran).stacks.map(({ id, action, source }) => [id, action, source])).toEqual([
      ['base.edge', 'create', 'template'],
      ['base.home', 'create', 'template'],
      ['base.worker', 'create', 'template'],
    ]);
    expect(report(ran).stacks[2]?.parameters).toContainEqual({
      name: 'BaseRuleGroupArn',
      from: 'base.edge',
      unknownUntilDeployed: true,
    });
    expect(made.aws.cloudformation(HOME).stacks).toEqual([]);
    expect(made.aws.calls.map(({ operation }) => operation).filter((name) => !/^(Get|Describe)/.test(name))).toEqual(
      [],
    );
  });

  it('takes two calls a stack where nothing changed', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    const ran = await made.run([...PREVIEW, '--fail-on-changes']);
    expect([ran.code, report(ran).changes]).toEqual([0, false]);
    expect(made.aws.calls).toHaveLength(1 + 2 * 3);
  });

  it('joins the change set with the templates, in pages, and takes it away again', async () => {
    const made = await deployment({}, { pageSize: 1 });
    await made.must(DEPLOY);
    await made.output({
      rules: 'other',
      actions: ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'],
      topic: 'other',
      tableKey: 'token',
    });
    const ran = await made.run(PREVIEW);
    expect(ran.code).toBe(0);
    const [edge, home, worker] = report(ran).stacks;
    expect(edge?.resources).toMatchObject([
      {
        id: 'RevocationRules',
        action: 'modify',
        in: 'both',
        properties: [{ path: 'Description', before: 'revoked sessions', after: 'other', in: 'both' }],
        place: { line: await lineIn(made.folder, 'out/dev/base-edge.template.yaml', '  RevocationRules:') },
      },
    ]);
    expect(home?.resources).toMatchObject([{ id: 'Revocations', action: 'replace', in: 'both', stateful: true }]);
    expect(home?.stateful).toEqual(['Revocations']);
    expect(worker?.resources.map(({ id, in: seen }) => [id, seen]).sort()).toEqual([
      ['Topic', 'both'],
      ['WorkerRole', 'both'],
    ]);
    expect(worker?.permissions).toMatchObject([{ widens: true, addedActions: ['wafv2:UpdateRuleGroup'] }]);
    expect(report(ran).risks.map(({ kind, needsAllow }) => [kind, needsAllow])).toEqual([
      ['replace-state', true],
      ['widen-permissions', false],
    ]);
    for (const region of [HOME, EDGE])
      for (const { changeSets } of made.aws.cloudformation(region).stacks)
        expect(changeSets.filter(({ name }) => name.includes('preview'))).toEqual([]);
  });

  it('keeps the change sets when asked to, and deploys all the same', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ rules: 'other' });
    const kept = report(await made.run([...PREVIEW, '--keep'])).stacks[0]?.changeSet;
    const names = (): string[] =>
      made.aws
        .cloudformation(EDGE)
        .get('acme-dev-base-edge')
        .changeSets.map(({ name }) => name);
    expect(names()).toContain(kept);
    expect((await made.run(DEPLOY)).code).toBe(0);
  });

  it('shows what early validation finds', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ rules: 'other' });
    const finding = {
      stack: 'acme-dev-base-edge',
      resource: 'RevocationRules',
      path: '/Resources/RevocationRules/Properties/Capacity',
      reason: 'Capacity is too small',
    };
    made.aws.cloudformation(EDGE).failValidation({ ...finding, mode: 'WARN' });
    const warned = await made.run(PREVIEW);
    expect([warned.code, diagnostics(warned).map(({ severity }) => severity)]).toEqual([0, ['warning']]);
    made.aws.cloudformation(EDGE).failValidation(finding);
    const ran = await made.run(PREVIEW);
    expect(ran.code).toBe(4);
    expect(report(ran).stacks[0]?.findings).toMatchObject([
      { mode: 'FAIL', message: 'Capacity is too small', resource: 'RevocationRules' },
    ]);
    expect(diagnostics(ran)).toMatchObject([{ code: 'EP7202', place: { file: 'out/dev/base-edge.template.yaml' } }]);
  });

  it('says what blocks a stack, and the next command', async () => {
    const made = await deployment();
    made.aws
      .cloudformation(HOME)
      .failNext({ stack: 'acme-dev-base-home', resource: 'Marker', phase: 'create', reason: 'no' });
    await made.run(DEPLOY);
    const ran = await made.run(PREVIEW);
    expect(report(ran).stacks[1]).toMatchObject({ action: 'blocked', status: 'ROLLBACK_COMPLETE' });
    const { stdout } = await made.run(['preview', '--env', 'dev']);
    expect(stdout).toContain('aws cloudformation delete-stack --stack-name acme-dev-base-home');
  });

  it('is readable', async () => {
    const made = await deployment();
    await made.must(DEPLOY);
    await made.output({ rules: 'other', tableKey: 'token' });
    const { stdout } = await made.run(['preview', '--env', 'dev']);
    expect(stdout.replace(/plan [0-9a-f]+/, 'plan …')).toMatchInlineSnapshot(`
      "dev account 111111111111, plan …
        ~ base.edge acme-dev-base-edge, us-east-1
          ~ RevocationRules AWS::WAFv2::RuleGroup
              Description: "revoked sessions" → "other"
        ~ base.home acme-dev-base-home, eu-west-1
          ⚠ Revocations AWS::DynamoDB::Table is replaced; the old one stays in the account
              AttributeDefinitions[session]: {"AttributeName":"session","AttributeType":"S"} removed
              AttributeDefinitions[token]: {"AttributeName":"token","AttributeType":"S"} added
              KeySchema[session]: {"AttributeName":"session","KeyType":"HASH"} removed (replaces)
              KeySchema[token]: {"AttributeName":"token","KeyType":"HASH"} added (replaces)
        unchanged: base.worker
        ⚠ Revocations (base.home) holds state and is replaced. The old one stays in the account, unused. (needs --allow replace-state)
      "
    `);
  });
});
