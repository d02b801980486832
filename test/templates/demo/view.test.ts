/** The demo as it is deployed: what the template says, and what is said before. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RenderedStack } from '../../../generator/render/rendered-stack.ts';
import { siteHeaders } from '../../../runtime/demo/site-headers.ts';
import { rules } from '../../../templates/demo/rules.ts';
import { environmentWith } from '../base/fixture.ts';
import { NOT_KEPT } from '../not-kept.ts';
import { renderConfig } from '../rendering.ts';

type Properties = Record<string, never>;

let resources: Record<string, { Type: string; Properties: Properties }>;
let stack: RenderedStack;
beforeAll(async () => {
  const { stacks } = await renderConfig('templates/demo/example.yaml');
  const found = stacks.dev?.find(({ id }) => id === 'demo.home');
  if (found === undefined) throw new Error('no stack');
  stack = found;
  resources = found.template.Resources as typeof resources;
});

const json = (id: string): string => JSON.stringify(resources[id]?.Properties);

describe('the stack', () => {
  it('has every header that the page is tested with', () => {
    const text = json('SiteHeaders').toLowerCase();
    const headers = siteHeaders(['https://${Media}']);
    expect(text).toContain(JSON.stringify(headers['content-security-policy']).toLowerCase().slice(1, -1));
    for (const name of ['cross-origin-opener-policy', 'permissions-policy']) {
      expect(text).toContain(`"header":"${name}"`);
      expect(text).toContain(headers[name]?.toLowerCase());
    }
    expect(text).toContain('"frameoptions":{"frameoption":"deny"');
    expect(text).toContain('"contenttypeoptions":{');
    expect(text).toContain('"referrerpolicy":"no-referrer"');
    // Whatever is added there has to be looked at here.
    expect(Object.keys(headers).length).toBe(6);
  });

  it('opens bucket and function to its own distribution only', () => {
    const own = 'distribution/${Distribution}';
    for (const id of ['SiteBucketPolicy', 'DistributionCallsUrl', 'DistributionCallsFunction'])
      expect(json(id)).toContain(own);
    expect(json('PlayUrl')).toContain('"AuthType":"AWS_IAM"');
    expect(json('DistributionCallsFunction')).toContain('"InvokedViaFunctionUrl":true');
  });

  it('states the viewer to the function on every behaviour', () => {
    const { DistributionConfig } = (resources.Distribution as { Properties: object }).Properties as {
      DistributionConfig: { DefaultCacheBehavior: object; CacheBehaviors: object[] };
    };
    for (const behavior of [DistributionConfig.DefaultCacheBehavior, ...DistributionConfig.CacheBehaviors])
      expect(JSON.stringify(behavior)).toContain('"Viewer","FunctionARN"');
  });

  it('holds the function that everybody can reach to what it is given', () => {
    expect(resources.PlayFunction?.Properties).toMatchObject({ ReservedConcurrentExecutions: 20 });
  });

  it('has CloudFront keep no refusal of one viewer for the others', () => {
    expect(resources.Distribution?.Properties.DistributionConfig).toMatchObject({ CustomErrorResponses: NOT_KEPT });
  });

  it('publishes the very package that was made, and holds no code', () => {
    expect(json('Site')).toMatch(/"S3Key":"functions\/[0-9a-f]{64}\.zip"/);
    expect(stack.body).not.toMatch(/\bSecretString:/);
  });
});

describe('rules', () => {
  const asset = { stream: 'live', path: '/live/a/', playlists: { hls: 'index.m3u8' }, demo: true };
  const settings = { priceClass: '100', logRetention: 7 } as const;
  const found = (more: Parameters<typeof environmentWith>[0]): string[] =>
    rules(settings, environmentWith({ assets: { a: asset }, ...more })).map(
      ({ severity, rule }) => `${severity} ${rule}`,
    );

  it('warn of a demo in a protected environment', () => {
    expect(found({ protected: true })).toEqual(['warning demo-in-production']);
    expect(found({})).toEqual([]);
  });

  it('warn where there is nothing to play', () => {
    expect(found({ assets: { a: { ...asset, demo: false } } })).toEqual(['warning nothing-to-play']);
    expect(found({ assets: {} })).toEqual(['warning nothing-to-play']);
  });

  it('warn where browsers will not let the page load media', () => {
    const origins = ['https://www.example.com'];
    expect(found({ cors: { origins, credentials: false } })).toEqual(['warning demo-not-in-cors']);
    expect(found({ cors: { origins: [], credentials: false } })).toEqual(['warning demo-not-in-cors']);
    expect(found({ cors: { origins: ['*'], credentials: false } })).toEqual([]);
    // Its address is known after the first deployment.
    const own = [...origins, 'https://d111111abcdef8.cloudfront.net'];
    expect(found({ cors: { origins: own, credentials: false } })).toEqual([]);
  });
});
