/**
 * Whom a role trusts: jobs of one repository on GitHub, and of those only the ones with one of the given subjects.
 * Sources: GitHub Docs, "OpenID Connect reference" (subjects, also the immutable form with ids, the default of
 * repositories made since July 2026); IAM User Guide, "Create a role for OpenID Connect federation", "Available keys
 * for AWS OIDC federation".
 */

export const PROVIDER_HOST = 'token.actions.githubusercontent.com';
export const AUDIENCE = 'sts.amazonaws.com';

export interface Repository {
  /** `<owner>/<repository>`. */
  name: string;
  /** Numbers of GitHub. They stay when a name is given up and taken by somebody else. */
  ownerId?: string;
  repositoryId?: string;
}

export interface TrustPolicy {
  Version: '2012-10-17';
  Statement: {
    Sid: string;
    Effect: 'Allow';
    Action: 'sts:AssumeRoleWithWebIdentity';
    Principal: { Federated: string };
    Condition: { StringEquals: Record<string, string | string[]> };
  }[];
}

export function providerArn(account: string): string {
  return `arn:aws:iam::${account}:oidc-provider/${PROVIDER_HOST}`;
}

/** Both forms of a subject; the immutable one only where the ids are known. */
export function subjectsOf({ name, ownerId, repositoryId }: Repository, context: string): string[] {
  const [owner = '', repository = ''] = name.split('/');
  const classic = `repo:${owner}/${repository}:${context}`;
  if (ownerId === undefined || repositoryId === undefined) return [classic];
  return [classic, `repo:${owner}@${ownerId}/${repository}@${repositoryId}:${context}`];
}

/** `contexts` are the ends of subjects, such as `environment:prod`. Exact texts: a pattern lets in more than it seems. */
export function trustPolicy({
  account,
  repository,
  contexts,
}: {
  account: string;
  repository: Repository;
  contexts: readonly string[];
}): TrustPolicy {
  const { repositoryId } = repository;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'GitHubActions',
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: providerArn(account) },
        Condition: {
          StringEquals: {
            [`${PROVIDER_HOST}:aud`]: AUDIENCE,
            ...(repositoryId === undefined ? {} : { [`${PROVIDER_HOST}:repository_id`]: repositoryId }),
            [`${PROVIDER_HOST}:sub`]: contexts.flatMap((context) => subjectsOf(repository, context)),
          },
        },
      },
    ],
  };
}
