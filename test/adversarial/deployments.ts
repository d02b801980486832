/** The deployments under attack: the one with every feature, and others whose function text is a different one. */
import type { Environment } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../../runtime/base/edge-settings.ts';
import { environment, options } from '../runtime/base/world.ts';

export interface Deployment {
  environment: Environment;
  options: EdgeOptions;
}

/** Only these streams of the full deployment, and only the policies they use. */
function only(names: string[], more: Partial<Environment> = {}): Environment {
  const streams = Object.fromEntries(Object.entries(environment.streams).filter(([name]) => names.includes(name)));
  const used = new Set(Object.values(streams).map((stream) => stream.policy));
  const policies = Object.fromEntries(Object.entries(environment.policies).filter(([name]) => used.has(name)));
  const [first] = Object.entries(environment.origins);
  return { ...environment, origins: Object.fromEntries(first ? [first] : []), ...more, streams, policies };
}

const noCors: Environment['cors'] = { origins: [], credentials: false };

/** By name. */
export const deployments = {
  full: { environment, options },
  /** Paths of no stream go through, any origin may read answers, every request is logged. */
  open: {
    environment: { ...environment, cors: { origins: ['*'], credentials: false } },
    options: { ...options, unmatched: 'pass', log: 'all' },
  },
  /** One stream, one origin, one check. */
  small: { environment: only(['vod'], { cors: noCors }), options: { ...options, log: 'none' } },
  /** A session and exceptions, and nothing that depends on the viewer; reasons are not exposed. */
  sessions: {
    environment: only(['session', 'other', 'report'], { cors: noCors }),
    options: { ...options, exposeReason: false, log: 'all' },
  },
  /** Tokens anywhere but in the path. */
  carriages: { environment: only(['query', 'cookie', 'header', 'off']), options: { ...options, log: 'all' } },
  /** What binds and where, with one origin and without exceptions. */
  viewers: {
    environment: only(['network', 'agent', 'device', 'country', 'region', 'city', 'hosted']),
    options: { ...options, log: 'all' },
  },
} satisfies Record<string, Deployment>;

export type DeploymentName = keyof typeof deployments;
