/** The workflow `plan`, job by job, with a stand-in for GitHub and one for AWS. */
import { describe, expect, it } from 'vitest';
import { config, PATIENCE, pullRequest, VARS, world } from './world.ts';

describe('a pull request of an own branch', { timeout: PATIENCE }, () => {
  it('gets one comment, which the next run updates in place', async () => {
    const { plan, repository, aws } = await world();
    const first = await plan(pullRequest());
    expect(
      [first.compare, first.preview, first.comment].map(({ result }) => result),
      first.comment.log,
    ).toEqual(['success', 'success', 'success']);
    expect(first.preview.roles).toEqual(['arn:aws:iam::111111111111:role/edgepass/edgepass-acme-dev-plan']);
    const [comment] = (await repository.state()).comments;
    expect(comment?.body).toMatch(/^<!-- edgepass:plan dev=[0-9a-f]{64} -->/);
    expect(comment?.issue).toBe(7);
    // Of others, also with our marker: left alone.
    await repository.change({
      comments: [
        { id: 0, issue: 7, body: '<!-- edgepass:plan -->', user: { login: 'mallory' } },
        ...(comment ? [comment] : []),
      ],
    });
    await repository.commit(config({ lifetime: '5h' }));
    await plan(pullRequest());
    const { comments } = await repository.state();
    expect(comments).toHaveLength(2);
    expect(comments[0]?.body).toBe('<!-- edgepass:plan -->');
    expect(comments[1]?.body).not.toBe(comment?.body);
    const written = (await repository.calls()).filter((call) => call.includes('--method'));
    expect(written.map((call) => call.split(' ')[2])).toEqual(['POST', 'PATCH']);
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('ExecuteChangeSet');
  });

  it('is told when the preview failed', async () => {
    const { plan, repository, aws } = await world();
    aws.faults.add({ operation: 'GetCallerIdentity', error: { code: 'ExpiredToken', message: 'x', status: 403 } });
    const { preview, comment } = await plan(pullRequest());
    expect([preview.result, comment.result]).toEqual(['failure', 'success']);
    expect((await repository.state()).comments[0]?.body).toContain('EP7012');
  });
});

describe('without credentials', { timeout: PATIENCE }, () => {
  it.each([
    ['a fork', pullRequest({ from: 'mallory/video' }), VARS],
    ['a bot of GitHub', pullRequest({ author: 'dependabot[bot]' }), VARS],
    ['a repository without AWS', pullRequest(), {}],
  ])('%s gets the comparison in the summary, and nothing else', async (_who, github, vars) => {
    const { plan, repository, aws } = await world();
    const { compare, preview, comment } = await plan(github, vars);
    expect([compare.result, preview.result, comment.result], compare.log).toEqual(['success', 'skipped', 'skipped']);
    expect(compare.summary).toContain('without asking AWS');
    expect(compare.roles).toEqual([]);
    expect(await repository.calls()).toEqual([]);
    expect(aws.calls).toEqual([]);
  });
});
