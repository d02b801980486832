/** The provider for GitHub and the trust of the roles, as found against expected. */
import type { PolicyScope } from '../access/policies.ts';
import { ROLE_KINDS, roleName, roleTrust } from '../access/roles.ts';
import { AUDIENCE, providerArn } from '../access/trust.ts';
import type { Access } from '../bootstrap/accounts.ts';
import type { IamApi } from './api/iam.ts';
import { type Check, checked } from './doctor-check.ts';

interface TrustQuestion {
  scope: PolicyScope;
  access: Access;
  /** Command that makes it right. */
  remedy: string;
}

export async function checkTrust(iam: IamApi, question: TrustQuestion): Promise<Check[]> {
  const roles = ROLE_KINDS.map((kind) => checked(`role ${kind}`, () => checkRole(iam, { ...question, kind })));
  const found = await Promise.all([checked('provider', () => checkProvider(iam, question)), ...roles]);
  return found.flat();
}

async function checkProvider(iam: IamApi, { scope, remedy }: TrustQuestion): Promise<Check> {
  const name = 'provider';
  const arn = providerArn(scope.account);
  const { OpenIDConnectProviderList: providers = [] } = await iam.listProviders();
  if (!providers.some(({ Arn }) => Arn === arn))
    return { name, state: 'problem', message: 'The account has no OpenID Connect provider for GitHub.', remedy };
  const { ClientIDList: audiences = [] } = await iam.getProvider({ OpenIDConnectProviderArn: arn });
  if (audiences.includes(AUDIENCE)) return { name, state: 'ok', message: arn };
  return {
    name,
    state: 'problem',
    message: 'The provider for GitHub does not accept the audience of AWS.',
    remedy: `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${AUDIENCE}`,
    lines: [`- audience ${AUDIENCE}`, ...audiences.map((audience) => `+ audience ${audience}`)],
  };
}

async function checkRole(
  iam: IamApi,
  { scope, access, kind, remedy }: TrustQuestion & { kind: (typeof ROLE_KINDS)[number] },
): Promise<Check> {
  const name = `role ${kind}`;
  const RoleName = roleName(scope, kind);
  const role = await iam.getRole({ RoleName }).catch((error: Error) => {
    if (error.name === 'NoSuchEntityException' || error.name === 'NoSuchEntity') return undefined;
    throw error;
  });
  if (role?.Role === undefined) return { name, state: 'problem', message: `There is no role ${RoleName}.`, remedy };
  const found: unknown = JSON.parse(decodeURIComponent(role.Role.AssumeRolePolicyDocument ?? '{}'));
  const lines = trustDifferences(roleTrust({ kind, scope, ...access }), found);
  if (lines.length === 0) return { name, state: 'ok', message: `${RoleName} trusts ${access.repository.name}` };
  return { name, state: 'problem', message: `${RoleName} trusts something else than it should.`, remedy, lines };
}

/** `-` what is expected and not there, `+` what is there and not expected. Order and Sids do not matter. */
export function trustDifferences(expected: unknown, found: unknown): string[] {
  const [wanted, there] = [facts(expected), facts(found)];
  return [
    ...wanted.filter((line) => !there.includes(line)).map((line) => `- ${line}`),
    ...there.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** A policy as lines, one fact each: `StringEquals …:sub = repo:acme/video:pull_request`. */
function facts(document: unknown): string[] {
  const statements = [(document as { Statement?: unknown }).Statement ?? []].flat();
  const each = statements.flatMap((one, index) => {
    const { Sid: _, ...statement } = one as Record<string, unknown>;
    // Facts of a second statement are no longer facts of the first: it is a way in of its own.
    const before = index === 0 ? '' : `statement ${index + 1}: `;
    return walk(statement, []).map((line) => before + line);
  });
  return [...new Set(each)].sort();
}

function walk(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, path));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => walk(inner, [...path, key]));
  return [`${path.join(' ')} = ${String(value)}`];
}
