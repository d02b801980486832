/** Issues playback URLs on this machine, where no token API does. */
import { createIssuer, customKey, type Viewer as IssuerViewer } from '../../runtime/issuer/index.ts';
import type { Environment } from '../modules/contract.ts';
import type { LocalAsset } from './assets.ts';
import type { LocalDeployment } from './deployment.ts';
import type { Viewer } from './viewer.ts';

export interface IssuedLocally {
  /** Relative to the local edge. */
  path: string;
  session?: string;
  /** Seconds since 1970. */
  expires: number;
  /** Where the stream carries its token in a cookie or header, e.g. `cookie token=…`. */
  carry?: string;
}

export interface LocalIssuer {
  /** Rejects with an `IssueError`. */
  issue(
    asset: LocalAsset,
    wanted: { file: string; viewer: Viewer; headers: IssuerViewer['headers'] },
  ): Promise<IssuedLocally>;
}

/** Host of streams that are bound to none. */
const ANY_HOST = 'localhost';

export function localIssuer(
  { project, name, policies, streams }: Environment,
  { issuerRecord, sessions }: Pick<LocalDeployment, 'issuerRecord' | 'sessions'>,
): LocalIssuer {
  const issuer = createIssuer({
    audience: `${project}/${name}`,
    keys: customKey(() => issuerRecord()),
    policies,
    streams,
    isRevoked: async (session) => {
      const row = await sessions.find(session);
      return row === 'malformed' || row?.state === 'revoked';
    },
  });
  return {
    async issue(asset, { file, viewer, headers }) {
      const { ip, country, region, city } = viewer;
      const host = streams[asset.stream]?.hosts?.[0] ?? ANY_HOST;
      const base = `https://${host}`;
      const issued = await issuer.issue({
        policy: asset.policy ?? (streams[asset.stream]?.policy as string),
        url: `${base}${asset.path}${file}`,
        paths: [asset.path],
        viewer: { ip, headers, country, region: region === undefined ? undefined : `${country}-${region}`, city },
      });
      const { session, expires, url, cookie, header } = issued;
      return {
        path: url.slice(base.length),
        expires,
        ...(session !== undefined && { session }),
        ...(cookie && { carry: `cookie ${cookie.name}=${cookie.value}` }),
        ...(header && { carry: `header ${header.name}: ${header.value}` }),
      };
    },
  };
}
