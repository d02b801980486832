import { vector } from './source/requests/ask.ts';
import type { Pair, RequestVector, TokenVector } from './types.ts';

const place = (claims: TokenVector['claims'], claim: string): string | undefined =>
  (claims[claim] as string[] | undefined)?.[0];

/** Where a viewer is whom the places of a token admit, as CloudFront says it. */
function whereabouts(claims: TokenVector['claims']): Pair[] {
  const region = place(claims, 'reg')?.split('-');
  const headers: [string, string | undefined][] = [
    ['cloudfront-viewer-country', region?.[0] ?? place(claims, 'co')],
    ['cloudfront-viewer-country-region', region?.[1]],
    ['cloudfront-viewer-city', place(claims, 'cty')],
  ];
  return headers.filter((pair): pair is Pair => pair[1] !== undefined);
}

/**
 * The request of a player that got this token in the path, from the viewer it was issued for, and the path that is to reach
 * the origin. Tokens of claims alone are played at `/vod/a`.
 */
export function asPlayed({ name, token, claims, issue }: TokenVector): { request: RequestVector; path: string } {
  const [, path, query = ''] = (issue?.url ?? 'https://h/vod/a').match(
    /^https:\/\/[^/]+([^?#]+)(?:\?([^#]*))?/,
  ) as string[] as [string, string, string?];
  const sent = Object.entries(issue?.viewer?.headers ?? {});
  const asked = {
    uri: `/${token}${path}`,
    query,
    headers: [...sent, ...whereabouts(claims)],
    ...(issue?.viewer?.ip && { ip: issue.viewer.ip }),
  };
  return { request: vector('play', [name, asked, { verdict: 'forward', uri: path }]), path };
}
