/** The stacks of an account as a release, through the same stages as every other template. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EDGE } from '../access/grant.ts';
import type { Environment } from '../modules/contract.ts';
import type { PlannedStack } from '../modules/plan-types.ts';
import { gitops } from '../output/formats/gitops.ts';
import { type OutputTree, outputTree } from '../output/manifest.ts';
import { renderStack } from '../render/render-stack.ts';
import type { RenderedStack } from '../render/rendered-stack.ts';
import { templateLibrary } from '../render/template-library.ts';
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { outcome } from '../report/diagnostic.ts';
import type { Access, Account } from './accounts.ts';
import { accessOutputs, accessView, accountView } from './view.ts';

/** One in each Region, the same whatever project asks for it. */
export const ACCOUNT_STACK = 'edgepass-bootstrap';

/** Projects of one account have a stack each: they must not take away each other's roles. */
export function accessStack(project: string): string {
  return `${ACCOUNT_STACK}-${project}`;
}

export interface BootstrapArgs {
  account: Account;
  /** Left out: buckets only. */
  access?: Access;
  /** Whether the account's stack has the provider for GitHub. */
  provider: boolean;
  packageRoot: string;
  bucketOf(place: { account: string; region: string }): string;
}

export function renderBootstrap(args: BootstrapArgs): Outcome<OutputTree> {
  const { account } = args;
  const templates = templateLibrary((file) => readFileSync(file, 'utf8'));
  const planned = plannedStacks(args);
  const rendered: RenderedStack[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const stack of planned) {
    const shared = stack.name === ACCOUNT_STACK;
    const environment = environmentOf(account, shared ? 'edgepass' : account.project);
    const made = renderStack({ stack, environment, bundles: new Map(), format: gitops, templates });
    diagnostics.push(...made.diagnostics);
    if (made.stack !== undefined) rendered.push(made.stack);
  }
  const checked = outcome(rendered, diagnostics);
  if (!checked.ok) return checked;
  const plan = { environment: environmentOf(account, account.project), stacks: planned, functions: [] };
  return outcome(outputTree({ plan, bundles: [], stacks: rendered, format: gitops.name }), diagnostics);
}

function plannedStacks({ account, access, provider, packageRoot, bucketOf }: BootstrapArgs): PlannedStack[] {
  const template = (name: string): string => join(packageRoot, 'pipelines', 'bootstrap', `${name}.yaml.hbs`);
  const buckets = account.regions.map((region): PlannedStack => {
    const view = accountView({
      bucket: bucketOf({ account: account.account, region }),
      // IAM knows no Region; one of the stacks has to have it.
      provider: provider && region === EDGE,
    });
    return {
      ...COMMON,
      id: `bootstrap.${region}`,
      name: ACCOUNT_STACK,
      placement: region === EDGE ? 'edge' : 'home',
      region,
      description: 'edgepass: artifacts of all environments of this account and Region',
      template: template('account'),
      view,
      outputs: { artifactBucket: 'Bucket of code, templates, manifests and records' },
      stateful: ['ArtifactBucket'],
    };
  });
  if (access === undefined) return buckets;
  const roles: PlannedStack = {
    ...COMMON,
    id: 'bootstrap.access',
    name: accessStack(account.project),
    placement: 'edge',
    region: EDGE,
    description: `edgepass: roles of the pipeline of ${account.project}`,
    template: template('access'),
    view: accessView(account, access),
    outputs: accessOutputs(account, access),
    dependsOn: [`bootstrap.${EDGE}`],
    stateful: [],
  };
  return [...buckets, roles];
}

const COMMON = {
  module: 'bootstrap',
  contributions: [],
  wires: [],
  dependsOn: [] as string[],
  runtimeOwned: [],
};

/** What tags and manifest call it: it belongs to no environment of config.yaml. */
export const BOOTSTRAP_ENVIRONMENT = 'bootstrap';

function environmentOf({ account }: Account, project: string): Environment {
  return {
    project,
    name: BOOTSTRAP_ENVIRONMENT,
    account,
    region: EDGE,
    protected: false,
    tags: {},
    origins: {},
    domains: {},
    cors: { origins: [], credentials: false },
    policies: {},
    streams: {},
    assets: {},
    modules: [],
  };
}
