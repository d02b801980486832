import { readDeployment, routeOf } from '../../../runtime/issuer/deployment.ts';
import { splitUrl } from '../../../runtime/issuer/split-url.ts';
import { longestPrefix } from '../../../runtime/token/lists.ts';
import type { Environment } from '../../modules/contract.ts';

/**
 * The policy of the stream a URL lies in. For a URL in none it is any policy: the issuer then says what is wrong with the URL.
 * Throws an `IssueError`.
 */
export function defaultPolicy(url: string, { policies, streams }: Environment): string {
  const deployment = readDeployment(policies, streams);
  const { path, host } = splitUrl(url);
  const candidates = (routeOf(deployment, path, host)?.streams ?? []).flatMap(
    (index) => deployment.streams[index] ?? [],
  );
  const stream = candidates.find(({ paths }) => longestPrefix(path, paths) > 0);
  return (stream && streams[stream.name]?.policy) ?? (Object.keys(policies)[0] as string);
}
