/** All that the bootstrap templates see. */
import type { PolicyScope } from '../access/policies.ts';
import { ROLE_KINDS, ROLE_PATH, roleName, rolePolicies, roleTrust } from '../access/roles.ts';
import { AUDIENCE, PROVIDER_HOST, type TrustPolicy } from '../access/trust.ts';
import type { Json } from '../modules/contract.ts';
import type { Access, Account } from './accounts.ts';

type View = Record<string, Json>;

export function accountView({ bucket, provider }: { bucket: string; provider: boolean }): View {
  return { bucket, provider: provider ? { url: `https://${PROVIDER_HOST}`, audience: AUDIENCE } : null };
}

/** What the roles do, for whoever looks at them in the console; and seconds that a job may keep them. */
const KINDS = {
  plan: { does: 'Compares and previews; changes nothing', seconds: 3600 },
  // A distribution takes its time.
  deploy: { does: 'Deploys', seconds: 7200 },
  operate: { does: 'Rotates keys and revokes sessions', seconds: 3600 },
} as const;

export function accessView({ environments }: Account, access: Access): View {
  const roles = environments.flatMap((scope) => ROLE_KINDS.map((kind) => role(scope, { kind, access })));
  return {
    policies: roles.flatMap(({ policies }) => policies),
    roles: roles.map(({ view }) => view),
    outputs: [
      ...roles.map(({ output }) => ({ id: pascal(output.name), value: output.value })),
      ...Object.entries(remembered(access)).map(([name, value]) => ({ id: pascal(name), value })),
    ],
  };
}

/** Output name → description. */
export function accessOutputs({ environments }: Account, access: Access): Record<string, string> {
  const roles = environments.flatMap(({ environment }) =>
    ROLE_KINDS.map((kind) => [outputName(environment, kind), `Role of the pipeline: ${kind} ${environment}`]),
  );
  const kept = Object.keys(remembered(access)).map((name) => [name, 'What bootstrap was told']);
  return Object.fromEntries([...roles, ...kept]);
}

/** Kept in the stack, so that the next `bootstrap` and `doctor` need not be told again. */
function remembered({ repository, branch, boundary }: Access): Record<string, string> {
  const { name, ownerId = NONE, repositoryId = NONE } = repository;
  return { repository: name, ownerId, repositoryId, branch, boundary: boundary ?? NONE };
}

const NONE = 'none';

/** What the outputs of the stack say; undefined when they are of something else. */
export function rememberedAccess(outputs: Readonly<Record<string, string>>): Access | undefined {
  const { Repository: name, OwnerId = NONE, RepositoryId = NONE, Branch: branch, Boundary = NONE } = outputs;
  if (name === undefined || branch === undefined) return undefined;
  const ids = OwnerId === NONE || RepositoryId === NONE ? {} : { ownerId: OwnerId, repositoryId: RepositoryId };
  return { repository: { name, ...ids }, branch, ...(Boundary === NONE ? {} : { boundary: Boundary }) };
}

const outputName = (environment: string, kind: string): string => `${environment}-${kind}-role-arn`;

function role(scope: PolicyScope, { kind, access }: { kind: keyof typeof KINDS; access: Access }) {
  const { environment } = scope;
  const stem = pascal(`${environment}-${kind}`);
  const policies = rolePolicies(kind, scope).map(
    ({ document, wildcards }, index): View => ({
      id: `${stem}Policy${index + 1}`,
      description: `What the ${kind} role of ${scope.project} ${environment} may do`,
      path: ROLE_PATH,
      document: document as unknown as Json,
      metadata: Object.keys(wildcards).length === 0 ? null : { edgepass: { wildcards } },
    }),
  );
  const view: View = {
    id: `${stem}Role`,
    name: roleName(scope, kind),
    path: ROLE_PATH,
    description: `${KINDS[kind].does}, for ${scope.project} ${environment}; jobs of ${access.repository.name} only`,
    seconds: KINDS[kind].seconds,
    trust: inTemplate(roleTrust({ kind, scope, ...access })),
    policies: policies.map(({ id }): Json => ({ Ref: id ?? null })),
    boundary: access.boundary ?? null,
  };
  return {
    policies,
    view,
    output: { name: outputName(environment, kind), value: { 'Fn::GetAtt': [`${stem}Role`, 'Arn'] } satisfies Json },
  };
}

/** The stack's own account, whichever that is. */
function inTemplate(trust: TrustPolicy): Json {
  const provider = `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${PROVIDER_HOST}`;
  const statements = trust.Statement.map((one) => ({ ...one, Principal: { Federated: { 'Fn::Sub': provider } } }));
  return { ...trust, Statement: statements } as unknown as Json;
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
