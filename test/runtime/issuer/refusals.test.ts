/**
 * Every refusal of the issuer beside the edge's: the same request is minted by somebody who checks nothing, and the function
 * that ships refuses the result.
 */
import { describe, expect, it } from 'vitest';
import type { IssueError, IssueRequest } from '../../../runtime/issuer/index.ts';
import { describeWith } from '../../helpers/needs.ts';
import { mintAnything } from './careless.ts';
import { at, CASES, TOKEN } from './refusal-cases.ts';
import { AGENT, askFor, edge, environment, IPV4, IPV6, issuer, KEY, VIEWER } from './world.ts';

const refusal = (request: IssueRequest): Promise<IssueError> =>
  issuer()
    .issue(request)
    .then(
      () => Promise.reject(new Error('was issued')),
      (error: IssueError) => error,
    );

describe('the issuer refuses', () => {
  it.each(CASES.map(([name, request, code]) => [name, code, request] as const))(
    '%s: %s',
    async (_name, code, request) => {
      const error = await refusal(request);
      expect(error).toMatchObject({ name: 'IssueError', code });
      // No key, nothing of the URL or the viewer; names of policies and attributes are the configuration's.
      const values = [
        KEY.sign,
        KEY.bind,
        AGENT,
        IPV4,
        IPV6,
        TOKEN,
        request.session,
        request.viewer?.country,
        '/ch1/',
        'xxx',
      ];
      for (const value of values)
        if (value) expect(`${error.message} ${error.stack?.split('\n')[0]}`).not.toContain(value);
    },
  );
});

describeWith(['njs'], 'the edge refuses the same', () => {
  const reaching = CASES.filter(([, , , expected]) => expected !== '-');
  let verdicts: Promise<string[]> | undefined;
  it.each(reaching.map(([name, , , expected], index) => [name, expected, index] as const))(
    '%s: %s',
    async (_name, expected, index) => {
      verdicts ??= edge(
        reaching.map(([, request]) => {
          const { viewer } = request;
          const country = viewer?.country ? { 'cloudfront-viewer-country': viewer.country } : {};
          const asked = askFor(mintAnything(request, environment), viewer ?? VIEWER);
          const repeated = Object.entries(viewer?.headers ?? {}).filter((entry): entry is [string, string[]] =>
            Array.isArray(entry[1]),
          );
          return { ...asked, headers: { ...asked.headers, ...country, ...Object.fromEntries(repeated) } };
        }),
      );
      expect((await verdicts)[index]).toBe(expected);
    },
  );
});

describeWith(['njs'], 'a check that no stream of the deployment has', () => {
  const { plain } = environment.streams;
  const small = { ...environment, streams: { plain: plain as NonNullable<typeof plain> } };

  it.each([
    ['agent', { headers: { 'user-agent': AGENT, 'x-device': '1' } }, 'headers'],
    ['device', {}, 'query'],
    ['four', { ip: IPV4 }, 'network'],
    ['places', {}, 'countries, regions, cities'],
  ])('is refused on both sides: %s', async (policy, viewer, demands) => {
    const request = { policy, url: at('/plain/a?device=1'), viewer };
    const made = issuer({ streams: small.streams });
    await expect(made.issue(request)).rejects.toMatchObject({
      code: 'policy_not_met',
      message: expect.stringContaining(demands) as string,
    });
    expect(await edge([askFor(mintAnything(request, small), viewer)], small)).toEqual(['403 policy_not_met']);
  });
});
