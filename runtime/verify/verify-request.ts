import type { Environment } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../base/edge-settings.ts';
import type { ViewerRequestEvent } from '../base/event.ts';
import type { Trace, World } from './trace.ts';

/** Checks one request as the edge of a deployment would. */
export type Verifier = (event: ViewerRequestEvent, world: World) => Trace;

export function createVerifier(environment: Environment, options: EdgeOptions): Verifier {
  return () => {
    throw new Error(`not written yet: ${environment.name} ${options.log}`);
  };
}
