/** Where the functions' own metrics are found: Powertools writes them with this namespace and one dimension. */
import type { Environment, Json } from '../../generator/modules/contract.ts';

export const METRICS = 'edgepass';

/** Value of the dimension `service`, by which the environments of an account differ. */
export function serviceOf({ project, name }: Environment): string {
  return `${project}-${name}`;
}

export function serviceDimension(environment: Environment): Json {
  return { Name: 'service', Value: serviceOf(environment) };
}
