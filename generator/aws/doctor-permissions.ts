/** Whether IAM would let a principal deploy, by its own simulator. */
import { type PolicyScope, roleGrants } from '../access/policies.ts';
import type { IamApi } from './api/iam.ts';
import type { Check } from './doctor-check.ts';

/** The principal of an STS session, as the simulator wants it: `assumed-role/name/session` → its role. */
export function principalOf(caller: string): string {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  return role === undefined ? caller : `arn:aws:iam::${account}:role/${role}`;
}

type Simulated = Parameters<IamApi['simulate']>[0];

/** Most lines worth reading. */
const SHOWN = 12;

export async function checkPermissions(
  iam: IamApi,
  { scope, principal }: { scope: PolicyScope; principal: string },
): Promise<Check> {
  const name = 'permissions';
  const answers = await Promise.all(
    roleGrants('deploy', scope).map(async ({ actions, resources }) => {
      const samples = resources.map((arn) => (arn === '*' ? arn : arn.replaceAll('*', 'x')));
      return simulate(iam, {
        PolicySourceArn: principal,
        ActionNames: [...new Set(actions)],
        ResourceArns: [...new Set(samples)],
      });
    }),
  );
  const denied = [...new Set(answers.flat())];
  if (denied.length === 0) return { name, state: 'ok', message: `${principal} may deploy` };
  const more = denied.length > SHOWN ? [`… and ${denied.length - SHOWN} more`] : [];
  return {
    name,
    state: 'problem',
    message: `${principal} may not do ${denied.length} thing${denied.length === 1 ? '' : 's'} that deploying needs.`,
    remedy: `Run \`edgepass bootstrap\` again, or attach what \`edgepass permissions deploy --env ${scope.environment}\` prints; then look for a service control policy or a boundary.`,
    lines: [...denied.slice(0, SHOWN), ...more],
  };
}

async function simulate(iam: IamApi, asked: Simulated): Promise<string[]> {
  const denied: string[] = [];
  let next: string | undefined;
  do {
    const page = await iam.simulate({ ...asked, ...(next === undefined ? {} : { Marker: next }) });
    for (const { EvalActionName, EvalDecision, EvalResourceName } of page.EvaluationResults ?? [])
      if (EvalDecision !== 'allowed') denied.push(`- ${EvalActionName} on ${EvalResourceName} (${EvalDecision})`);
    next = page.IsTruncated ? page.Marker : undefined;
  } while (next !== undefined);
  return denied;
}
