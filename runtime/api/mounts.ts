/** The two doors of the deployed API. Each is a function of its own, so that nothing in a request says which one it came through. */
import type { Viewer } from '../issuer/issue-types.ts';
import type { Mount } from './api.ts';
import type { ApiEvent } from './event.ts';
import { iamCaller } from './iam.ts';
import { type OidcSettings, oidcCaller } from './oidc.ts';

export type AuthSettings = { type: 'iam' } | ({ type: 'oidc' } & OidcSettings);

interface MountOptions {
  auth: AuthSettings;
  /** `<project>/<environment>`. */
  deployment: string;
  now?: () => number;
}

/** Services, through the HTTP API. */
export function servicesMount({ auth, deployment, now = Date.now }: MountOptions): Mount {
  if (auth.type === 'iam') return { kind: 'services', base: '', authenticate: iamCaller };
  return {
    kind: 'services',
    base: '',
    authenticate: oidcCaller({ ...auth, deployment, now, header: 'authorization' }),
  };
}

/** Viewers, through the API's own distribution, which alone may call the function (origin access control). */
export function viewersMount({ auth, deployment, now = Date.now }: MountOptions): Mount {
  if (auth.type === 'iam') throw new Error('Viewers need an OpenID Connect issuer.');
  const authenticate = oidcCaller({ ...auth, deployment, now, header: 'x-edgepass-authorization' });
  return { kind: 'viewers', base: '/api', authenticate, viewerOf: viewerBehindCloudFront, countsCallers: true };
}

/**
 * What CloudFront says of the viewer: the function at the edge states the address, the origin request policy adds the places.
 * Both overwrite what a client sends under these names. Bound headers are as the edge check will see them.
 */
export function viewerBehindCloudFront({ headers }: ApiEvent): Viewer {
  const country = headers['cloudfront-viewer-country'];
  const region = headers['cloudfront-viewer-country-region'];
  return {
    ip: headers['x-edgepass-viewer-address'],
    country,
    region: country === undefined || region === undefined ? undefined : `${country}-${region}`,
    city: headers['cloudfront-viewer-city'],
    headers,
  };
}
