/** The one environment a token command is about, with what its edge function is built for. */

import type { createVerifier } from '../../../runtime/verify/verify-request.ts';
import type { Environment } from '../../modules/contract.ts';
import { plan } from '../../modules/plan.ts';
import type { Plan } from '../../modules/plan-types.ts';
import { type Outcome, outcome } from '../../report/diagnostic.ts';
import { type Args, type Io, UsageError } from '../command.ts';
import { open } from '../open.ts';

/** Settings of the edge check that are not of a stream. */
export type EdgeOptions = Parameters<typeof createVerifier>[1];

export interface Opened {
  environment: Environment;
  edge: EdgeOptions;
}

/** Warnings about the configuration are what `validate` is for and are left out. Throws a `UsageError`. */
export async function openEnvironment(args: Args, io: Io): Promise<Outcome<Opened>> {
  const opened = await open(args, io);
  if (!opened.ok) return opened;
  const [resolved, ...others] = opened.value.environments;
  if (resolved === undefined || others.length > 0)
    throw new UsageError(
      'Say which environment: --env <environment>.',
      `Defined: ${opened.value.config.environments.join(', ')}.`,
    );
  const planned = plan(resolved, opened.value.modules);
  if (!planned.ok) return planned;
  return outcome({ environment: planned.value.environment, edge: edgeOptions(planned.value) });
}

/**
 * What the module that has the token check made of its settings: read from the flags its function is built with, so that
 * nothing here knows which module that is. In an environment without one: the defaults of the settings.
 */
function edgeOptions({ functions }: Plan): EdgeOptions {
  for (const fn of functions) {
    if (fn.kind !== 'edge-function' || fn.flags.UNMATCHED_PASS === undefined) continue;
    const { UNMATCHED_PASS, LOG, LOG_ALL, EXPOSE_REASON } = fn.flags;
    return {
      unmatched: UNMATCHED_PASS ? 'pass' : 'refuse',
      log: LOG_ALL ? 'all' : LOG ? 'refused' : 'none',
      exposeReason: EXPOSE_REASON === true,
    };
  }
  return { unmatched: 'refuse', log: 'refused', exposeReason: true };
}
