/** Streams that are bound to hosts: here all are reached under one name, and the function is told the stream's own. */
import { malformedTokenLength, matchToken } from '../../runtime/token/token-text.ts';
import type { Environment } from '../modules/contract.ts';

/** The first host of the stream that a path (with its token) lies in; undefined where that is not bound to any. */
export function hostsOf({ streams }: Pick<Environment, 'streams'>): (path: string) => string | undefined {
  const prefixes = Object.values(streams).flatMap(({ paths, exclude = [], hosts }) =>
    [...paths, ...exclude].map((prefix) => ({ prefix, host: hosts?.[0] })),
  );
  if (prefixes.every(({ host }) => host === undefined)) return () => undefined;
  prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) => {
    const token = matchToken(path);
    const rest = path.slice(token ? (token[0] as string).length : malformedTokenLength(path));
    return prefixes.find(({ prefix }) => rest.startsWith(prefix))?.host;
  };
}
