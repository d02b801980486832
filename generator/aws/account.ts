/** The account guard: nothing is asked of AWS before it is certain that this is the environment's account. */
import type { Manifest } from '../output/manifest.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';
import type { Aws } from './context.ts';

/** The caller's ARN. Faults: EP7013. */
export async function guardAccount({ clients }: Pick<Aws, 'clients'>, manifest: Manifest): Promise<Outcome<string>> {
  const sts = await clients.sts(manifest.region);
  const { Account, Arn = 'unknown' } = await sts.getCallerIdentity();
  if (Account === manifest.account) return outcome(Arn);
  return failed({
    code: 'EP7013',
    severity: 'error',
    message: `The credentials are of account ${Account}, and environment ${manifest.environment} is account ${manifest.account}.`,
    hint: 'Sign in to the account of the environment (AWS_PROFILE, or the role of the pipeline). Nothing was changed.',
    environment: manifest.environment,
  });
}
