/** Options of `bootstrap`, and what they say about the repository. */
import type { Access } from '../bootstrap/accounts.ts';
import { type Args, type Option, UsageError } from './command.ts';
import { DEPLOY_OPTIONS } from './deploy.ts';

export const BOOTSTRAP_OPTIONS: Record<string, Option> = {
  env: { type: 'string', help: 'Prepare the account of this environment' },
  all: { type: 'boolean', help: 'All accounts, of which the credentials select one; the same as without --env' },
  github: { type: 'string', value: '<owner>/<repository>', help: 'Make roles for the pipeline of this repository' },
  'owner-id': { type: 'string', help: 'Number of the owner on GitHub' },
  'repository-id': { type: 'string', help: 'Number of the repository on GitHub' },
  branch: { type: 'string', help: 'The branch that is deployed (main)' },
  boundary: { type: 'string', value: '<arn>', help: 'Policy that limits the roles, whatever they are allowed' },
  'existing-provider': { type: 'boolean', help: 'The account has a provider for GitHub already' },
  ...DEPLOY_OPTIONS,
  write: { type: 'string', value: '<folder>', help: 'Only write the templates, and say how to deploy them by hand' },
};

/** Undefined when no repository is named. */
export function accessIn({ values }: Args): Access | undefined {
  const { github, branch = 'main', boundary, all, env } = values;
  if (all === true && env !== undefined)
    throw new UsageError('--all and --env exclude each other.', 'Leave one of them out.');
  const ids = { ownerId: values['owner-id'], repositoryId: values['repository-id'] };
  if (github === undefined) {
    const needless = ['owner-id', 'repository-id', 'branch', 'boundary'].find((name) => values[name] !== undefined);
    if (needless === undefined) return undefined;
    throw new UsageError(`--${needless} says nothing without --github.`, 'Add --github <owner>/<repository>.');
  }
  // Anything else could widen the trust: `*` is a pattern, and `:` begins another part of the subject.
  if (!/^[\w-]+\/[\w.-]+$/.test(String(github)))
    throw new UsageError('--github takes <owner>/<repository>.', 'For example --github acme/video.');
  if (!/^[\w./-]+$/.test(String(branch)))
    throw new UsageError('--branch takes the name of a branch.', 'For example --branch main.');
  if ((ids.ownerId === undefined) !== (ids.repositoryId === undefined))
    throw new UsageError('--owner-id and --repository-id belong together.', `${HOW_TO_ASK}`);
  for (const id of Object.values(ids))
    if (id !== undefined && !/^\d+$/.test(String(id)))
      throw new UsageError('the ids of GitHub are numbers.', HOW_TO_ASK);
  if (boundary !== undefined && !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(String(boundary)))
    throw new UsageError(
      '--boundary takes the ARN of a policy.',
      'For example arn:aws:iam::111122223333:policy/limit.',
    );
  return {
    repository: {
      name: String(github),
      ...(ids.ownerId === undefined ? {} : { ownerId: String(ids.ownerId), repositoryId: String(ids.repositoryId) }),
    },
    branch: String(branch),
    ...(boundary === undefined ? {} : { boundary: String(boundary) }),
  };
}

const HOW_TO_ASK = 'Ask for them with `gh api repos/<owner>/<repository> --jq ".owner.id, .id"`.';

/** The command, as it is typed to go on. */
export function rerun({ values }: Args): string {
  const said = ['env', 'github', 'owner-id', 'repository-id', 'branch', 'boundary'].flatMap((name) =>
    values[name] === undefined ? [] : [`--${name} ${String(values[name])}`],
  );
  return ['bootstrap', ...said].join(' ');
}
