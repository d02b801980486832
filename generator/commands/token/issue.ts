/** Issues one token with the issuing library, as an issuer of the environment would. */
import {
  createIssuer,
  fixedKey,
  type Issued,
  IssueError,
  type IssueRequest,
  type Viewer,
} from '../../../runtime/issuer/index.ts';
import type { Environment } from '../../modules/contract.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { Args, Io } from '../command.ts';
import { byName } from './by-name.ts';
import { defaultPolicy } from './default-policy.ts';
import { issueFault } from './issue-faults.ts';
import { readKeys } from './key-file.ts';
import { issuerRecordOf } from './key-forms.ts';
import type { Asked } from './viewer-options.ts';

/** Without a policy it is that of the stream. */
export type Wanted = Omit<IssueRequest, 'policy' | 'viewer'> & { policy?: string };

export interface Issuing {
  args: Args;
  io: Io;
  environment: Environment;
  asked: Asked;
  request: Wanted;
}

/** What was issued, with the policy it was issued for. */
export type Result = Issued & { policy: string };

/** What the library refuses is a diagnostic. */
export async function issue({ args, io, environment, asked, request }: Issuing): Promise<Outcome<Result>> {
  const keys = await readKeys(args, io, environment);
  if (!keys.ok) return keys;
  const record = issuerRecordOf(keys.value);
  if (record === undefined) return noSigningKey(keys.value.form);
  const { policies, streams, domains, project, name } = environment;
  try {
    const issuer = createIssuer({
      keys: fixedKey(record),
      audience: `${project}/${name}`,
      policies,
      streams,
      domains,
      now: () => asked.now * 1000,
    });
    const policy = request.policy ?? defaultPolicy(request.url, environment);
    return outcome(
      { ...(await issuer.issue({ ...request, policy, viewer: viewerOf(asked) })), policy },
      keys.diagnostics,
    );
  } catch (error) {
    if (error instanceof IssueError) return failed(...keys.diagnostics, issueFault(error));
    throw error;
  }
}

function noSigningKey(form: string): { ok: false; diagnostics: Diagnostic[] } {
  return failed({
    code: 'EP6005',
    severity: 'error',
    message: `The ${form} has no key that signs.`,
    hint: 'Tokens are issued with an issuer record, or a key record in which a key has the state `signing`.',
  });
}

/** A header that was given twice stays so, and the issuer refuses to bind it. */
function viewerOf({ ip, headers, country, region, city }: Asked): Viewer {
  const sent = [...byName(headers)].map(([name, values]) => [name, values.length > 1 ? values : values[0]] as const);
  return {
    ip,
    headers: Object.fromEntries(sent),
    country,
    region: region === undefined || country === undefined ? undefined : `${country}-${region}`,
    city,
  };
}
