/** Looks at everything that a deployment rests on, and changes nothing. */
import { EDGE, regionsOf } from '../access/grant.ts';
import type { PolicyScope } from '../access/policies.ts';
import { roleArn } from '../access/roles.ts';
import type { Access } from '../bootstrap/accounts.ts';
import { accessStack } from '../bootstrap/render.ts';
import { rememberedAccess } from '../bootstrap/view.ts';
import { bucketName } from './bucket.ts';
import type { Aws } from './context.ts';
import { type Check, checked } from './doctor-check.ts';
import { checkPermissions, principalOf } from './doctor-permissions.ts';
import { checkQuotas } from './doctor-quotas.ts';
import { checkTrust } from './doctor-trust.ts';
import { faultOf } from './faults.ts';
import type { GlobalClients } from './global-clients.ts';
import { readStatus } from './live-stack.ts';
import { bucketFault } from './package.ts';
import { stackState } from './stack-states.ts';

export interface DoctorQuestion {
  scope: PolicyScope;
  stacks: readonly { id: string; name: string; region: string }[];
  /** What the roles should trust; left out, what `bootstrap` was told. */
  access?: Access;
}

export async function examine(
  { clients, global }: { clients: Aws['clients']; global: GlobalClients },
  { scope, stacks, access }: DoctorQuestion,
): Promise<Check[]> {
  const { account, environment } = scope;
  const caller = await (await clients.sts(scope.region)).getCallerIdentity();
  const signedIn: Check = { name: 'credentials', state: 'ok', message: caller.Arn ?? 'unknown' };
  if (caller.Account !== account)
    return [
      signedIn,
      {
        name: 'account',
        state: 'problem',
        message: `The credentials are of account ${caller.Account}, and environment ${environment} is account ${account}.`,
        remedy: 'Sign in to the account of the environment (AWS_PROFILE). Nothing else was checked.',
      },
    ];
  const known = access ?? (await remembered(clients, scope.project));
  const found = await Promise.all([
    ...regionsOf(scope).map((region) => checked(`bucket ${region}`, () => checkBucket(clients, { account, region }))),
    ...stacks.map((stack) => checked(`stack ${stack.id}`, () => checkStack(clients, { ...stack, environment }))),
    pipeline(global, { scope, access: known }),
    checked('permissions', async () =>
      checkPermissions(await global.iam(), {
        scope,
        principal: known === undefined ? principalOf(caller.Arn ?? '') : roleArn(scope, 'deploy'),
      }),
    ),
    checkQuotas(global),
  ]);
  return [signedIn, { name: 'account', state: 'ok', message: account }, ...found.flat()];
}

/** Not being allowed to read it is not having been told. */
async function remembered(clients: Aws['clients'], project: string): Promise<Access | undefined> {
  try {
    return rememberedAccess((await readStatus({ clients }, { name: accessStack(project), region: EDGE })).outputs);
  } catch (error) {
    if (faultOf(error)?.code === 'EP7014') return undefined;
    throw error;
  }
}

async function pipeline(
  { iam }: Pick<GlobalClients, 'iam'>,
  { scope, access }: { scope: PolicyScope; access: Access | undefined },
): Promise<Check[]> {
  if (access === undefined)
    return [
      {
        name: 'pipeline',
        state: 'warning',
        message: 'The account was not prepared for a pipeline on GitHub.',
        remedy: `edgepass bootstrap --env ${scope.environment} --github <owner>/<repository>`,
      },
    ];
  const remedy = `edgepass bootstrap --env ${scope.environment} --github ${access.repository.name}`;
  return checkTrust(await iam(), { scope, access, remedy });
}

async function checkBucket(clients: Aws['clients'], place: { account: string; region: string }): Promise<Check> {
  const bucket = bucketName(place);
  const name = `bucket ${place.region}`;
  const s3 = await clients.s3(place.region);
  try {
    await s3.listObjects({ Bucket: bucket, MaxKeys: 1, ExpectedBucketOwner: place.account });
    return { name, state: 'ok', message: bucket };
  } catch (error) {
    const [fault] = bucketFault(error, { bucket, region: place.region })?.diagnostics ?? [];
    if (fault === undefined) throw error;
    return { name, state: 'problem', message: fault.message, ...(fault.hint ? { remedy: fault.hint } : {}) };
  }
}

async function checkStack(
  clients: Aws['clients'],
  { id, name, region, environment }: { id: string; name: string; region: string; environment: string },
): Promise<Check> {
  const { status } = await readStatus({ clients }, { name, region });
  const check = { name: `stack ${id}` };
  if (status === undefined) return { ...check, state: 'ok', message: 'not deployed yet' };
  const { kind, failed, meaning, advice } = stackState(status);
  const message = `${status}: ${meaning}`;
  if (kind !== 'stuck' && !failed && kind !== 'busy') return { ...check, state: 'ok', message: status };
  const remedy = advice({ name, region, environment });
  return { ...check, state: kind === 'stuck' ? 'problem' : 'warning', message, remedy };
}
