/**
 * An Allow statement may have a wildcard (Resource, Action or Principal `*`, `service:*`, or a Not… form) only with a
 * reason, stated on the resource: `Metadata: {edgepass: {wildcards: {<Sid>: <reason>}}}`. Reasons without a wildcard
 * are findings too, so that they do not outlive it.
 */
import type { Json } from '../../modules/contract.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { type Check, type CheckContext, finding, isMap, type JsonMap, resourcesOf, walk } from './check.ts';

export const wildcards: Check = (context) =>
  resourcesOf(context.template).flatMap(([id, resource]) => ofResource(context, { id, resource }));

function ofResource(context: CheckContext, { id, resource }: { id: string; resource: JsonMap }): Diagnostic[] {
  const reasons = reasonsOf(resource);
  const used = new Set<string>();
  const found: Diagnostic[] = [];
  walk(resource.Properties ?? null, (node, chain) => {
    if (!isMap(node)) return;
    const wildcard = wildcardOf(node);
    if (!wildcard) return;
    const sid = typeof node.Sid === 'string' ? node.Sid : undefined;
    if (sid !== undefined && typeof reasons[sid] === 'string' && reasons[sid].trim() !== '') {
      used.add(sid);
      return;
    }
    found.push(
      finding(context, {
        code: 'EP4036',
        message: `statement ${sid ?? '(without Sid)'} of ${id} allows ${wildcard}`,
        hint: `Name the ARNs, or state why not: Metadata: {edgepass: {wildcards: {${sid ?? '<Sid>'}: <reason>}}}.`,
        at: [...chain, resource],
      }),
    );
  });
  const stale = Object.keys(reasons).filter((sid) => !used.has(sid));
  return [
    ...found,
    ...stale.map((sid) =>
      finding(context, {
        code: 'EP4036',
        message: `${id} states a reason for a wildcard in statement ${sid}, which has none`,
        hint: 'Take the reason out of Metadata.edgepass.wildcards.',
        at: [resource],
      }),
    ),
  ];
}

function reasonsOf(resource: JsonMap): JsonMap {
  const metadata = isMap(resource.Metadata) ? resource.Metadata.edgepass : undefined;
  const reasons = isMap(metadata) ? metadata.wildcards : undefined;
  return isMap(reasons) ? reasons : {};
}

/** What a policy statement allows without limit, in words; undefined when nothing (or when it is no statement). */
function wildcardOf(statement: JsonMap): string | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  const action = texts(statement.Action).find((text) => text === '*' || /^[\w-]+:\*+$/.test(text));
  if (action !== undefined) return `Action ${action}`;
  if (texts(statement.Resource).includes('*')) return 'Resource *';
  const principals = isMap(statement.Principal)
    ? Object.values(statement.Principal).flatMap(texts)
    : texts(statement.Principal);
  if (principals.includes('*')) return 'Principal *';
  return ['NotAction', 'NotResource', 'NotPrincipal'].find((name) => name in statement);
}

/** The texts of a value that is one or many; a Sub counts as its text. */
function texts(value: Json | undefined): string[] {
  return [value ?? []].flat().flatMap((item) => {
    if (typeof item === 'string') return item;
    const sub = isMap(item) ? item['Fn::Sub'] : undefined;
    return typeof sub === 'string' ? sub : [];
  });
}
