/** What a stack of the environment publishes, by name, from whatever stack has it. */
import type { Manifest, ManifestStack } from '../output/manifest.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import type { Aws } from './context.ts';
import { readStatus } from './live-stack.ts';

export interface FoundOutputs {
  /** By logical id: the wanted one, and all others of its stack. */
  values: Readonly<Record<string, string>>;
  region: string;
}

export interface WantedOutput {
  /** Logical id. */
  id: string;
  /** What is missing without it, e.g. `workflow of the keys`. */
  what: string;
}

/** Outputs of the stack that has the wanted one; those that say `none` are left out. Faults: EP7013, EP7901. */
export async function stackOutputs(
  aws: Pick<Aws, 'clients'>,
  manifest: Manifest,
  { id, what }: WantedOutput,
): Promise<Outcome<FoundOutputs>> {
  const caller = await guardAccount(aws, manifest);
  if (!caller.ok) return caller;
  const stack = manifest.stacks.find(({ outputs }) => Object.hasOwn(outputs, id));
  if (stack === undefined) return failed(notMade(manifest, what));
  const { outputs } = await readStatus(aws, stack);
  const values = Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== 'none'));
  if (values[id] === undefined) return failed(notDeployed(manifest, { what, stack }));
  return outcome({ values, region: stack.region });
}

function notMade({ environment }: Manifest, what: string): Diagnostic {
  return {
    code: 'EP7901',
    severity: 'error',
    message: `The output of ${environment} has no ${what}.`,
    hint: `It was made by an earlier version: run \`edgepass generate --env ${environment}\`, then \`edgepass deploy --env ${environment}\`.`,
    environment,
  };
}

function notDeployed({ environment }: Manifest, { what, stack }: { what: string; stack: ManifestStack }): Diagnostic {
  return {
    code: 'EP7901',
    severity: 'error',
    message: `There is no ${what} in AWS yet.`,
    hint: `Stack ${stack.name} (${stack.region}) brings it: run \`edgepass deploy --env ${environment}\`.`,
    environment,
  };
}
