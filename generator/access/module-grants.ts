/** What deploying the modules of an environment needs, from their contracts. */
import type { ModuleContract } from '../modules/contract.ts';
import type { Grant, Scope } from './grant.ts';
import { isOpen, resourcesOf } from './module-scope.ts';

/** A module as far as its permissions go. */
export interface Permitted {
  id: string;
  contract: Pick<ModuleContract, 'permissions'>;
}

/** Actions that look like reading, and return what is stored: secrets, items, objects. */
const REVEALS =
  /^(secretsmanager:(GetSecretValue|BatchGet.*|GetRandomPassword)|dynamodb:(GetItem|BatchGetItem|GetRecords)|s3:GetObject.*|ssm:GetParameter.*|lambda:GetFunction|logs:(GetLogEvents|GetQueryResults)|athena:GetQueryResults|cloudfront-keyvaluestore:.*|sts:.*)$/;

/** Whether an action neither changes anything nor reveals content. */
export function onlyReads(action: string): boolean {
  const [, verb = ''] = action.split(':');
  return /^(Get|List|Describe)/.test(verb) && !REVEALS.test(action);
}

/** One grant for each service and kind; `kinds` leaves out the rest. */
export function moduleGrants(modules: readonly Permitted[], scope: Scope): Grant[] {
  const needed = new Map<string, { action: string; reasons: string[] }>();
  for (const { contract } of modules)
    for (const { action, because } of contract.permissions) {
      const known = needed.get(action);
      if (known === undefined) needed.set(action, { action, reasons: [because] });
      else known.reasons.push(because);
    }
  const groups = new Map<string, Grant>();
  for (const { action, reasons } of [...needed.values()].sort((a, b) => (a.action < b.action ? -1 : 1))) {
    const [service = ''] = action.split(':');
    const open = isOpen(action);
    const read = onlyReads(action);
    const sid = `${pascal(service)}${read ? 'Read' : 'Change'}${open ? 'Any' : ''}`;
    const known = groups.get(sid);
    groups.set(sid, {
      sid,
      kind: read ? 'read' : 'write',
      actions: [...(known?.actions ?? []), action],
      resources: open ? ['*'] : resourcesOf(service, scope),
      because: [...new Set([...(known === undefined ? [] : [known.because]), ...reasons])].join('; '),
    });
  }
  return [...groups.values()].map((grant) =>
    grant.resources.includes('*') ? { ...grant, because: `These actions know no resource. ${grant.because}` } : grant,
  );
}

function pascal(service: string): string {
  return service
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
