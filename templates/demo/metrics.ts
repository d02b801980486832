/** Where the metrics of the demo's own functions are found: Powertools writes them with this namespace and one dimension. */
import type { Environment } from '../../generator/modules/contract.ts';

export const METRICS = 'edgepass';

/** Value of the dimension `service`. */
export function serviceOf({ project, name }: Environment): string {
  return `${project}-${name}-demo`;
}
