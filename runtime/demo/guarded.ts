/** The API of the demo: the token API behind an access code, showing the assets that are marked for it. */
import { problemAnswer } from '../api/answers.ts';
import type { Mount } from '../api/api.ts';
import type { ApiEvent, ApiResult } from '../api/event.ts';
import { viewerBehindCloudFront } from '../api/mounts.ts';
import { Problem } from '../api/problems.ts';
import { type AccessOptions, checkAccess, refuseAccess } from './access.ts';

export interface About {
  mount: 'demo';
  needsCode: true;
  project: string;
  environment: string;
  version: string;
}

export interface GuardOptions {
  about: About;
  access: AccessOptions;
  api(event: ApiEvent): Promise<ApiResult>;
  /** Told of what went wrong before the API was asked. */
  onFailed?(error: unknown): void;
  /** Told of who was not let in. */
  onRefused?(access: 'wrong-code' | 'too-many-codes', hasTried: boolean): void;
}

const CODE_HEADER = 'x-edgepass-code';

/**
 * All who know the code are one caller. So a viewer who has the URL of another may revoke it: in a demo that is what the buttons
 * are there for.
 */
export const demoMount: Mount = {
  kind: 'viewers',
  base: '/api',
  authenticate: async () => ({ id: 'demo', subject: 'demo' }),
  viewerOf: viewerBehindCloudFront,
  shows: ({ demo }) => demo,
};

export function guarded(options: GuardOptions): (event: ApiEvent) => Promise<ApiResult> {
  const { about, access, api, onFailed, onRefused } = options;

  async function answer(event: ApiEvent): Promise<ApiResult> {
    if (event.rawPath === '/api/about' && event.requestContext.http.method === 'GET') return told(about);
    const { [CODE_HEADER]: given = '', 'x-edgepass-viewer-address': address = '' } = event.headers;
    const verdict = await checkAccess(access, { given, address });
    if (verdict === 'granted') return api(event);
    onRefused?.(verdict, given !== '');
    return refuseAccess(verdict);
  }

  return async (event) => {
    try {
      return await answer(event);
    } catch (error) {
      onFailed?.(error);
      return problemAnswer(new Problem('temporarily-unavailable'));
    }
  };
}

function told(body: object): ApiResult {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode: 200, headers, body: JSON.stringify(body) };
}
