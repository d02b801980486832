/** Names of resources. Project and environment begin each, so environments of one account never collide. */
import type { Environment } from '../../generator/modules/contract.ts';

export interface Names {
  siteAccess: string;
  playAccess: string;
  viewer: string;
  headers: string;
  accessCode: string;
  dashboard: string;
}

export function resourceNames({ project, name }: Environment): Names {
  const stem = `${project}-${name}-demo`;
  return {
    siteAccess: `${stem}-site`,
    playAccess: `${stem}-play`,
    viewer: `${stem}-viewer`,
    headers: `${stem}-headers`,
    accessCode: `edgepass/${project}/${name}/demo-access-code`,
    dashboard: stem,
  };
}
