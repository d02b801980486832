/** Names of resources. Project and environment begin each, so environments of one account never collide. */
import type { Environment } from '../../generator/modules/contract.ts';

export interface Names {
  table: string;
  api: string;
  viewerRequest: string;
  viewersAccess: string;
  dashboard: string;
}

export function resourceNames({ project, name }: Environment): Names {
  const stem = `${project}-${name}-api`;
  return {
    table: `${stem}-assets`,
    api: stem,
    viewerRequest: `${stem}-viewers`,
    viewersAccess: `${stem}-viewers`,
    dashboard: stem,
  };
}

/** Where the functions' own metrics are found: Powertools writes them with this namespace and one dimension. */
export const METRICS = 'edgepass';

export function serviceOf({ project, name }: Environment): string {
  return `${project}-${name}`;
}
