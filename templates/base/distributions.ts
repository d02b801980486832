/** Which distributions there are: CloudFront takes one certificate per distribution. */
import type { Environment } from '../../generator/modules/contract.ts';
import { logicalPart } from './names.ts';
import type { BaseSettings } from './settings.ts';

export interface Distribution {
  /** Logical id. */
  id: string;
  /** Absent: the distribution answers on its cloudfront.net name only. */
  certificate?: string;
  hosts: string[];
}

/** Domains with the same certificate share a distribution. None when attached to an existing one. */
export function distributionsOf({ domains }: Environment, { distribution }: BaseSettings): Distribution[] {
  if (distribution.attach !== undefined) return [];
  const groups = new Map<string, Distribution>();
  for (const [name, { host, certificate }] of Object.entries(domains)) {
    const group = groups.get(certificate);
    if (group) group.hosts.push(host);
    else {
      const id = groups.size === 0 ? 'Distribution' : `Distribution${logicalPart(name)}`;
      groups.set(certificate, { id, certificate, hosts: [host] });
    }
  }
  return groups.size > 0 ? [...groups.values()] : [{ id: 'Distribution', hosts: [] }];
}
