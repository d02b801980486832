/** The workflow `drift`, job by job: one issue, opened, updated and closed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACCOUNT, byHand, PATIENCE, world } from './world.ts';

it('opens one issue, updates it, and closes it', { timeout: PATIENCE }, async () => {
  const { deploy, drift, repository, aws } = await world();
  await deploy(byHand());
  const template = await readFile(join(repository.folder, 'out/dev/base-edge.template.yaml'), 'utf8');
  const written = async (): Promise<string[]> =>
    (await repository.calls())
      .filter((call) => call.includes('--method'))
      .map((call) => call.split(' ').slice(2, 4).join(' '));
  const fine = await drift();
  expect([fine.check.result, fine.issue.result], fine.check.log + fine.issue.log).toEqual(['success', 'success']);
  expect(fine.check.roles).toEqual([expect.stringMatching(/-plan$/)]);
  expect(await written()).toEqual([]);

  const edge = aws.cloudformation('us-east-1', ACCOUNT);
  const stack = 'acme-dev-base-edge';
  const distribution = '/DistributionConfig/Comment';
  const id = /^ {2}(\w+):\n {4}Type: AWS::CloudFront::Distribution$/m.exec(template)?.[1] ?? '';
  const before = JSON.stringify(edge.live(stack, id));
  edge.touch(stack, id, distribution, 'by hand');
  await drift();
  const [issue] = (await repository.state()).issues;
  expect(issue?.state).toBe('open');
  expect(issue?.body).toContain('by hand');

  await drift();
  edge.touch(stack, id, distribution, 'by another hand');
  await drift();
  const { issues } = await repository.state();
  expect(issues).toHaveLength(1);
  expect(issues[0]?.body).toContain('by another hand');

  edge.touch(stack, id, distribution, JSON.parse(before).DistributionConfig.Comment);
  expect(JSON.stringify(edge.live(stack, id))).toBe(before);
  // Who could not look does not close the issue.
  aws.faults.add({ operation: 'DetectStackDrift', error: { code: 'ValidationError', message: 'no', status: 400 } });
  const blind = await drift();
  expect([blind.check.result, blind.issue.result]).toEqual(['failure', 'failure']);
  expect((await repository.state()).issues[0]?.state).toBe('open');

  await drift();
  expect((await repository.state()).issues.map(({ state }) => state)).toEqual(['closed']);
  expect(await written()).toEqual([
    'POST repos/acme/video/issues',
    `PATCH repos/acme/video/issues/${issue?.number}`,
    `POST repos/acme/video/issues/${issue?.number}/comments`,
    `PATCH repos/acme/video/issues/${issue?.number}`,
  ]);
});
