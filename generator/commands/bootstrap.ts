import { EDGE } from '../access/grant.ts';
import { type BootstrappedStack, bootstrapAccount, type Found, lookAtAccount } from '../aws/bootstrap.ts';
import { bucketName } from '../aws/bucket.ts';
import type { Aws } from '../aws/context.ts';
import { guarded } from '../aws/faults.ts';
import { globalClients } from '../aws/global-clients.ts';
import { summaryOf } from '../aws/preview-summary.ts';
import { type Access, type Account, accountsOf } from '../bootstrap/accounts.ts';
import { renderBootstrap } from '../bootstrap/render.ts';
import type { OutputTree } from '../output/manifest.ts';
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { failed, outcome } from '../report/diagnostic.ts';
import { printPreview } from '../report/preview-text.ts';
import { ask, awsOf, finish } from './aws-session.ts';
import { accessIn, BOOTSTRAP_OPTIONS, rerun } from './bootstrap-options.ts';
import { handMade, writeBootstrap } from './bootstrap-write.ts';
import type { Args, Command, Io } from './command.ts';
import { open } from './open.ts';
import { scopesOf } from './scope.ts';
import { show } from './show.ts';

export const bootstrap: Command = {
  name: 'bootstrap',
  summary: 'Prepare an account once: artifact buckets, and roles for a pipeline on GitHub',
  usage: '[--env <environment> | --all] [--github <owner>/<repository>] [--yes] [--write <folder>]',
  options: BOOTSTRAP_OPTIONS,
  positionals: { min: 0, max: 0 },
  details:
    'Prepares the account that the credentials are of, for all its environments. Where nothing changed, nothing is done; what it was told of GitHub it remembers.',
  async run(args, io) {
    const told = accessIn(args);
    // Always all environments: the roles of an account are in one stack, and must not take away each other.
    const opened = await open({ ...args, values: { ...args.values, env: undefined } }, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const accounts = accountsOf(scopesOf(opened.value));
    const wanted = selected(accounts, args);
    if (!wanted.ok) return show(wanted.diagnostics, args, io);
    if (args.values.write !== undefined) return write({ args, io, told }, wanted.value);
    return deploy({ args, io, told }, wanted.value);
  },
};

interface Run {
  args: Args;
  io: Io;
  told: Access | undefined;
}

function selected(accounts: readonly Account[], { values: { env } }: Args): Outcome<Account[]> {
  if (env === undefined) return outcome([...accounts]);
  const found = accounts.filter(({ environments }) => environments.some(({ environment }) => environment === env));
  if (found.length > 0) return outcome(found);
  const names = accounts.flatMap(({ environments }) => environments.map(({ environment }) => environment));
  return failed({
    code: 'EP1401',
    severity: 'error',
    message: 'config.yaml has no environment of that name.',
    hint: `There are ${names.join(', ')}.`,
  });
}

async function write({ args, io, told }: Run, accounts: readonly Account[]): Promise<number> {
  const made = accounts.map((account) =>
    render({ io, account, access: told, provider: told !== undefined && args.values['existing-provider'] !== true }),
  );
  const diagnostics = made.flatMap((one) => one.diagnostics);
  const trees = made.flatMap((one) => (one.ok ? [one.value] : []));
  if (trees.length < made.length) return show(diagnostics, args, io);
  const written = await writeBootstrap(trees, { folder: String(args.values.write), cwd: io.cwd });
  const code = show(diagnostics, args, io, { files: written });
  if (!args.json) io.stdout(handMade(written));
  return code;
}

function render(made: {
  io: Io;
  account: Account;
  access: Access | undefined;
  provider: boolean;
}): Outcome<OutputTree> {
  const { io, account, access, provider } = made;
  return renderBootstrap({
    account,
    ...(access === undefined ? {} : { access }),
    provider,
    packageRoot: io.packageRoot,
    bucketOf: bucketName,
  });
}

async function deploy({ args, io, told }: Run, accounts: readonly Account[]): Promise<number> {
  const aws = awsOf(io);
  const done = await guarded(async (): Promise<Outcome<BootstrappedStack[]>> => {
    const { Account: here } = await (await aws.clients.sts(EDGE)).getCallerIdentity();
    const account = accounts.find((one) => one.account === here);
    if (account === undefined) return failed(wrongAccount(accounts, here ?? 'unknown'));
    const one = await deployAccount({ args, io, told }, { aws, account });
    const others = accounts.filter((other) => other !== account).map((other) => remaining(other, args));
    return one.ok ? outcome(one.value, [...one.diagnostics, ...others]) : one;
  });
  const code = finish({ args, io }, done.diagnostics, done.ok ? { stacks: done.value } : undefined);
  if (done.ok && !args.json) for (const stack of done.value) io.stdout(lineOf(stack));
  return code;
}

async function deployAccount(
  { args, io, told }: Run,
  { aws, account }: { aws: Aws; account: Account },
): Promise<Outcome<BootstrappedStack[]>> {
  const found = await lookAtAccount(aws, { iam: globalClients(io.env).iam, ...account });
  const access = told ?? found.access;
  const tree = render({ io, account, access, provider: wantsProvider(args, { found, access }) });
  if (!tree.ok) return tree;
  const { manifest, files } = tree.value;
  const release = { manifest, files, shown: 'bootstrap' };
  const done = await bootstrapAccount(aws, release, {
    allow: args.lists.allow ?? [],
    command: rerun(args),
    confirm: async (survey) => {
      if (args.values.yes === true) return outcome<true>(true);
      io.stderr(printPreview(summaryOf(survey), { color: io.color }));
      return ask(io, { question: `Prepare account ${account.account}? (yes) `, answer: 'yes', option: '--yes' });
    },
  });
  if (!done.ok || access !== undefined) return done;
  return outcome(done.value, [NO_ROLES]);
}

/** Once ours, it stays in our stack; one of somebody else is used as it is. */
function wantsProvider(args: Args, { found, access }: { found: Found; access: Access | undefined }): boolean {
  if (found.provider === 'ours') return true;
  return access !== undefined && found.provider === 'none' && args.values['existing-provider'] !== true;
}

const NO_ROLES: Diagnostic = {
  code: 'EP7602',
  severity: 'notice',
  message: 'No repository was named, so there are buckets, but no roles for a pipeline.',
  hint: 'For a pipeline on GitHub: `edgepass bootstrap --github <owner>/<repository>`.',
};

function remaining({ account, environments }: Account, { values }: Args): Diagnostic {
  const github = values.github === undefined ? '' : ` --github ${String(values.github)}`;
  return {
    code: 'EP7601',
    severity: 'notice',
    message: `Account ${account} (${environments.map(({ environment }) => environment).join(', ')}) is not prepared by these credentials.`,
    hint: `Sign in there, then run \`edgepass bootstrap --env ${environments[0]?.environment ?? ''}${github}\`.`,
  };
}

function wrongAccount(accounts: readonly Account[], here: string): Diagnostic {
  return {
    code: 'EP7013',
    severity: 'error',
    message: `The credentials are of account ${here}, and what is to be prepared is ${accounts.map(({ account }) => account).join(', ')}.`,
    hint: 'Sign in to one of those accounts (AWS_PROFILE). Nothing was changed.',
  };
}

function lineOf({ name, region, outcome: how, outputs }: BootstrappedStack): string {
  const values = Object.entries(outputs).filter(
    ([, value]) => value.includes(':role/') || value.startsWith('edgepass-'),
  );
  return [`${name}  ${region}  ${how}\n`, ...values.map(([output, value]) => `  ${output} ${value}\n`)].join('');
}
