/** Brings the bootstrap stacks of an account to what their templates say, by the way of every deployment of a stack. */

import { EDGE } from '../access/grant.ts';
import { providerArn } from '../access/trust.ts';
import type { Access } from '../bootstrap/accounts.ts';
import { ACCOUNT_STACK, accessStack } from '../bootstrap/render.ts';
import { rememberedAccess } from '../bootstrap/view.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import { isLarge } from './change-set.ts';
import type { Aws } from './context.ts';
import { type DeployedStack, deployStack } from './deploy-stack.ts';
import type { GlobalClients } from './global-clients.ts';
import { readLiveStack, readStatus } from './live-stack.ts';
import { packageRelease, uploadsOf } from './package.ts';
import type { Release } from './release.ts';
import { type Survey, survey } from './survey.ts';

/** What an account has already, before anything is rendered for it. */
export interface Found {
  /** What an earlier run was told. */
  access?: Access;
  /** `ours`: in the stack of the account; `theirs`: made by somebody else. */
  provider: 'ours' | 'theirs' | 'none';
}

export async function lookAtAccount(
  { clients }: Pick<Aws, 'clients'>,
  { iam, account, project }: { iam: GlobalClients['iam']; account: string; project: string },
): Promise<Found> {
  const [shared, roles] = await Promise.all([
    readLiveStack({ clients }, { name: ACCOUNT_STACK, region: EDGE }),
    readStatus({ clients }, { name: accessStack(project), region: EDGE }),
  ]);
  const access = rememberedAccess(roles.outputs);
  const told = access === undefined ? {} : { access };
  if (shared.template?.includes('AWS::IAM::OIDCProvider')) return { ...told, provider: 'ours' };
  const { OpenIDConnectProviderList: providers = [] } = await (await iam()).listProviders();
  return { ...told, provider: providers.some(({ Arn }) => Arn === providerArn(account)) ? 'theirs' : 'none' };
}

export interface BootstrappedStack {
  id: string;
  name: string;
  region: string;
  outcome: DeployedStack['outcome'];
  outputs: Readonly<Record<string, string>>;
}

export interface BootstrapOptions {
  allow: readonly string[];
  /** What was typed behind `edgepass`. */
  command: string;
  /** Asked before AWS is changed, and only when it would be. */
  confirm(found: Survey): Promise<Outcome<true>>;
}

/** Faults: EP7013, EP7203, and those of deploying a stack. */
export async function bootstrapAccount(
  aws: Aws,
  release: Release,
  { allow, command, confirm }: BootstrapOptions,
): Promise<Outcome<BootstrappedStack[]>> {
  const caller = await guardAccount(aws, release.manifest);
  if (!caller.ok) return caller;
  const found = await survey(aws, release);
  const blocked = found.stacks.flatMap(({ stack, blocked: reason, objections, busy, live }): Diagnostic[] => {
    if (objections.length > 0) return objections;
    if (reason !== undefined) return [{ code: 'EP7203', severity: 'error', ...inWords(reason, command) }];
    return busy ? [stillBusy(stack.name, { status: live.status ?? '', command })] : [];
  });
  if (blocked.length > 0) return failed(...blocked);
  if (found.changes) {
    const confirmed = await confirm(found);
    if (!confirmed.ok) return confirmed;
  }
  const resume = `edgepass ${command}`;
  const done: BootstrappedStack[] = [];
  // One after the other: templates of later stacks may have to lie in the bucket that the first makes.
  for (const surveyed of found.stacks) {
    const { stack, action } = surveyed;
    if (action !== 'none' && isLarge(release, stack)) {
      const template = uploadsOf(release, [stack]).filter(({ key }) => key.startsWith('templates/'));
      await packageRelease(aws, release, template);
    }
    const deployed = await deployStack(aws, surveyed, { release, outputs: new Map(), allow, resume });
    aws.progress.phase(stack.id, deployed.outcome === 'unchanged' ? 'unchanged' : 'done', deployed.outcome);
    done.push({ id: stack.id, name: stack.name, region: stack.region, ...deployed });
  }
  return outcome(done);
}

/** The engine's advice speaks of deploying an environment. */
function inWords({ message, hint }: { message: string; hint: string }, command: string) {
  return { message, hint: hint.replaceAll('edgepass deploy --env bootstrap', `edgepass ${command}`) };
}

function stillBusy(name: string, { status, command }: { status: string; command: string }): Diagnostic {
  return {
    code: 'EP7203',
    severity: 'error',
    message: `Stack ${name} is ${status}: somebody is changing it.`,
    hint: `Wait until that is over, then run \`edgepass ${command}\` again.`,
  };
}
