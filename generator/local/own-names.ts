/**
 * Names under which this machine may be asked. A page of anybody's can have a name that leads to this machine (DNS rebinding); its
 * requests would come with that name, and it could read what stands behind `--origin`.
 */
import { isIP } from 'node:net';
import type { Environment } from '../modules/contract.ts';

/** Whether a `Host` header is an address, `localhost`, or a name of the environment; without one no browser asks. */
export function ownNames({ domains, streams }: Pick<Environment, 'domains' | 'streams'>): (host?: string) => boolean {
  const names = new Set([
    ...Object.values(domains).map(({ host }) => host),
    ...Object.values(streams).flatMap(({ hosts = [] }) => hosts),
  ]);
  return (host) => {
    if (host === undefined) return true;
    const name = host.toLowerCase().replace(/:\d+$/, '');
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || /^(?:[\w-]+\.)*localhost$/.test(name) || names.has(name);
  };
}
