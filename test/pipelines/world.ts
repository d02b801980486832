/** What the jobs of the workflows are run with: an AWS, a repository, and the events of GitHub. */
import { onTestFinished } from 'vitest';
import { type Aws, startAws } from '../helpers/aws/start.ts';
import { type Repository, repositoryWith } from '../helpers/github/repository.ts';
import { type JobOptions, type JobRun, runJob } from '../helpers/github/workflow.ts';

/** Milliseconds: a job is some processes, and a test some jobs. */
export const PATIENCE = 240_000;

export const ACCOUNT = '111111111111';
export const VARS = { EDGEPASS_AWS: 'true' };

/** A lifetime is a setting inside of the edge function: changing it changes a plan. */
export const config = ({ lifetime = '4h' } = {}): string => `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  viewer: {lifetime: ${lifetime}}
streams:
  live: {paths: [/live/], policy: viewer}
modules:
  base: {distribution: {plan: pay-as-you-go}}
environments:
  dev: {account: "${ACCOUNT}", region: eu-west-1}
`;

const REPOSITORY = { repository: 'acme/video', server_url: 'https://github.com', token: 'token-of-the-run' };

export function pullRequest({ from = 'acme/video', author = 'ada', run = '100' } = {}): JobOptions['github'] {
  const pull = { number: 7, user: { login: author }, head: { repo: { full_name: from } } };
  return {
    ...REPOSITORY,
    event_name: 'pull_request',
    sha: 'feed',
    ref_name: '7/merge',
    run_id: run,
    event: { pull_request: pull },
  };
}

export function push({ run = '200' } = {}): JobOptions['github'] {
  return { ...REPOSITORY, event_name: 'push', sha: 'cafe', ref_name: 'main', run_id: run, event: {} };
}

export function byHand({ run = '300' } = {}): JobOptions['github'] {
  return { ...push({ run }), event_name: 'workflow_dispatch' };
}

export interface World {
  aws: Aws;
  repository: Repository;
  job(file: string, name: string, options: JobOptions): Promise<JobRun>;
  /** `compare`, `preview` and `comment` of a pull request. */
  plan(
    github: JobOptions['github'],
    vars?: JobOptions['vars'],
  ): Promise<Record<'compare' | 'preview' | 'comment', JobRun>>;
  /** `environments`, `plan` and `deploy`. */
  deploy(github: JobOptions['github'], inputs?: JobOptions['inputs']): Promise<Record<'plan' | 'deploy', JobRun>>;
  /** `asked`, and what is done in the environment. */
  byHand(
    file: 'rotate' | 'revoke',
    inputs: NonNullable<JobOptions['inputs']>,
    vars?: JobOptions['vars'],
  ): Promise<Record<'asked' | 'done', JobRun>>;
  /** `environments`, `check` and `issue`. */
  drift(): Promise<Record<'check' | 'issue', JobRun>>;
}

export async function world(): Promise<World> {
  const aws = await startAws();
  onTestFinished(() => aws.close());
  for (const region of ['eu-west-1', 'us-east-1'])
    aws.s3.createBucket(`edgepass-artifacts-${ACCOUNT}-${region}`, { account: ACCOUNT, region });
  const repository = await repositoryWith(config());
  await repository.commit(`${config()}\n`);
  const credentials = (): Record<string, string> => aws.environment({ region: 'eu-west-1', account: ACCOUNT });
  const job: World['job'] = (file, name, options) => runJob(repository, [file, name], options);
  const rowOf = ({ outputs }: JobRun): NonNullable<JobOptions['matrix']> =>
    (JSON.parse(String(outputs.matrix)) as { include: NonNullable<JobOptions['matrix']>[] }).include[0] ?? {};
  return {
    aws,
    repository,
    job,
    async plan(github, vars = VARS) {
      const compare = await job('plan.yml', 'compare', { github, vars });
      const matrix = rowOf(compare);
      const preview = await job('plan.yml', 'preview', { github, vars, matrix, needs: { compare }, credentials });
      const comment = await job('plan.yml', 'comment', { github, vars, needs: { compare, preview } });
      return { compare, preview, comment };
    },
    async deploy(github, inputs = {}) {
      const environments = await job('deploy.yml', 'environments', { github, vars: VARS });
      const common = { github, inputs, vars: VARS, matrix: rowOf(environments), credentials };
      const plan = await job('deploy.yml', 'plan', { ...common, needs: { environments } });
      const deploy = await job('deploy.yml', 'deploy', { ...common, needs: { environments, plan } });
      return { plan, deploy };
    },
    async byHand(file, inputs, vars = VARS) {
      const common = { github: byHand({ run: '500' }), vars, inputs: { environment: 'dev', ...inputs } };
      const asked = await job(`${file}.yml`, 'asked', common);
      const matrix = asked.result === 'success' ? rowOf(asked) : {};
      return { asked, done: await job(`${file}.yml`, file, { ...common, matrix, needs: { asked }, credentials }) };
    },
    async drift() {
      const github = { ...push({ run: '400' }), event_name: 'schedule' };
      const environments = await job('drift.yml', 'environments', { github, vars: VARS });
      const matrix = rowOf(environments);
      const check = await job('drift.yml', 'check', {
        github,
        vars: VARS,
        matrix,
        needs: { environments },
        credentials,
      });
      const issue = await job('drift.yml', 'issue', { github, vars: VARS, needs: { environments, check } });
      return { check, issue };
    },
  };
}

/** The pull request that brought commit `cafe`, with its run of the workflow `plan`. */
export const MERGED = {
  pulls: [
    {
      number: 7,
      merged_at: '2026-11-24T00:00:00Z',
      merge_commit_sha: 'cafe',
      base: { ref: 'main' },
      head: { sha: 'feed' },
    },
  ],
  runs: [{ id: 100, head_sha: 'feed', head_repository: { full_name: 'acme/video' } }],
};
