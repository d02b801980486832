/**
 * Headers that CloudFront adds to the origin's answers, by the response headers policy of the environment. They take the place
 * of the origin's; answers of the function have their own.
 */
import type { Environment } from '../modules/contract.ts';

/** As in the policy that is deployed. */
const EXPOSED = ['age', 'content-length', 'content-range', 'date', 'etag'];

export function corsHeaders(
  { cors }: Pick<Environment, 'cors'>,
  { exposesReason }: { exposesReason: boolean },
): (origin: string | undefined) => Record<string, string> {
  const exposed = (exposesReason ? [...EXPOSED, 'x-edgepass-reason'] : EXPOSED).join(', ');
  const any = cors.origins.includes('*');
  return (origin) => {
    if (origin === undefined || !(any || cors.origins.includes(origin))) return {};
    return {
      'access-control-allow-origin': any ? '*' : origin,
      ...(!any && { vary: 'Origin' }),
      ...(!any && cors.credentials && { 'access-control-allow-credentials': 'true' }),
      'access-control-expose-headers': exposed,
    };
  };
}
