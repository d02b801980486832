/** Distributions, origins, behaviours and the texts with which origins are locked. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { originAccess, originVerification } from '../../../templates/base/access.ts';
import { alarms } from '../../../templates/base/alarms.ts';
import { behaviorProperties } from '../../../templates/base/behaviors.ts';
import { distributionsOf } from '../../../templates/base/distributions.ts';
import { originViews, usedOrigins } from '../../../templates/base/origins.ts';
import { ownPolicies } from '../../../templates/base/policies.ts';
import type { BaseSettings } from '../../../templates/base/settings.ts';
import { CERTIFICATE, environmentWith, policyWith, settingsWith, streamWith } from './fixture.ts';

const s3 = { type: 's3', domain: 'my.vod.s3.eu-west-1.amazonaws.com', protocol: 'https', timeout: 30 } as const;
const mediapackage = {
  type: 'mediapackage',
  domain: 'abc.egress.def.mediapackagev2.eu-west-1.amazonaws.com',
  protocol: 'https',
  timeout: 5,
} as const;
const other = CERTIFICATE.replace('1111', '2222');
const cookie = streamWith({ carriage: { in: 'cookie', name: 'token' } });

const behaviorsOf = (settings: BaseSettings, environment = environmentWith()): { [key: string]: Json }[] => {
  const { default: first, others } = behaviorProperties(environment, {
    settings,
    distribution: { id: 'Distribution', hosts: [] },
  });
  return [first, ...others] as { [key: string]: Json }[];
};

describe('distributions', () => {
  test('there is one on its own name without domains', () => {
    expect(distributionsOf(environmentWith(), settingsWith())).toEqual([{ id: 'Distribution', hosts: [] }]);
  });

  test('there is one for each certificate, the first without a name in its id', () => {
    const domains = {
      media: { host: 'a.example.com', certificate: CERTIFICATE },
      'ads-eu': { host: 'b.example.com', certificate: other },
      segments: { host: 'c.example.com', certificate: CERTIFICATE },
    };
    expect(distributionsOf(environmentWith({ domains }), settingsWith())).toEqual([
      { id: 'Distribution', certificate: CERTIFICATE, hosts: ['a.example.com', 'c.example.com'] },
      { id: 'DistributionAdsEu', certificate: other, hosts: ['b.example.com'] },
    ]);
  });

  test('there is none when attached', () => {
    const settings = settingsWith({ distribution: { attach: 'E1A2B3C4D5E6F7' } });
    expect(distributionsOf(environmentWith(), settings)).toEqual([]);
  });
});

describe('origins', () => {
  test('are those of streams and the first one', () => {
    const origins = { first: s3, unused: s3, used: s3 };
    const streams = { live: streamWith({ origin: 'used' }) };
    expect(usedOrigins(environmentWith({ origins, streams }))).toEqual(['first', 'used']);
  });

  test('over HTTPS speak TLS 1.2 on their port', () => {
    const origins = {
      o: { type: 'custom', domain: 'o.example.com', protocol: 'https', port: 8443, timeout: 9 },
    } as const;
    expect(originViews(environmentWith({ origins }))[0]).toMatchObject({
      id: 'o',
      path: null,
      accessControl: null,
      s3: null,
      headers: null,
      custom: {
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
        HTTPSPort: 8443,
        OriginReadTimeout: 9,
      },
    });
  });

  test('over HTTP have no TLS settings', () => {
    const origins = {
      o: { type: 'custom', domain: 'o.example.com', protocol: 'http', port: 8080, timeout: 9 },
    } as const;
    expect(originViews(environmentWith({ origins }))[0]).toMatchObject({
      custom: { OriginProtocolPolicy: 'http-only', HTTPPort: 8080, OriginReadTimeout: 9 },
    });
  });

  test('that verify get their secret by reference', () => {
    const origins = { 'o-eu': { ...environmentWith().origins.packager, verifyHeader: 'x-verify' } as never };
    expect(originViews(environmentWith({ origins }))[0]).toMatchObject({
      headers: [
        {
          HeaderName: 'x-verify',
          HeaderValue: { 'Fn::Sub': '{{resolve:secretsmanager:${OriginVerifyOEu}:SecretString}}' },
        },
      ],
    });
    expect(originVerification(environmentWith({ origins }))).toEqual({
      'Fn::Sub': '{"o-eu":{"header":"x-verify","secretArn":"${OriginVerifyOEu}"}}',
    });
  });

  test('with access control are reached through it, MediaPackage as a custom origin', () => {
    const streams = { a: streamWith(), b: streamWith({ origin: 'b' }) };
    const [a, b] = originViews(environmentWith({ origins: { a: s3, b: mediapackage }, streams }));
    expect(a).toMatchObject({ accessControl: 'S3Access', s3: { OriginAccessIdentity: '' }, custom: null });
    expect(b).toMatchObject({
      accessControl: 'MediaPackageAccess',
      s3: null,
      custom: { OriginProtocolPolicy: 'https-only' },
    });
  });
});

describe('statements for origins', () => {
  const statements = (value: Json): Record<string, { statement: Json }> => {
    return JSON.parse((value as { 'Fn::Sub': string })['Fn::Sub']);
  };

  test('let every distribution read the folder of a bucket, and no other', () => {
    const domains = {
      a: { host: 'a.example.com', certificate: CERTIFICATE },
      b: { host: 'b.example.com', certificate: other },
    };
    const environment = environmentWith({ origins: { vod: { ...s3, path: '/out' } }, domains });
    expect(statements(originAccess(environment, settingsWith())).vod?.statement).toMatchObject({
      Action: 's3:GetObject',
      Resource: 'arn:${AWS::Partition}:s3:::my.vod/out/*',
      Condition: {
        StringEquals: {
          'AWS:SourceArn': [
            'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}',
            'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${DistributionB}',
          ],
        },
      },
    });
  });

  const endpoint = (name: string): string =>
    `arn:\${AWS::Partition}:mediapackagev2:eu-west-1:\${AWS::AccountId}:${name}`;

  test('name the endpoints of MediaPackage that paths lead to', () => {
    const allowed = (paths: string[], path?: string): unknown => {
      const origins = { live: { ...mediapackage, ...(path && { path }) } };
      const environment = environmentWith({ origins, streams: { live: streamWith({ paths }) } });
      const found = statements(originAccess(environment, settingsWith())) as {
        live: { statement: { Resource: unknown } };
      };
      return found.live.statement.Resource;
    };
    const full = endpoint('channelGroup/group/channel/channel/originEndpoint/endpoint');
    expect(allowed(['/out/v1/group/channel/endpoint/'])).toBe(full);
    expect(allowed(['/'], '/out/v1/group/channel/endpoint')).toBe(full);
    expect(allowed(['/live/'])).toBe(endpoint('channelGroup/CHANNEL-GROUP/channel/CHANNEL/originEndpoint/ENDPOINT'));
    expect(allowed(['/out/v1/g/c/hls/', '/out/v1/g/c/dash/'])).toEqual([
      endpoint('channelGroup/g/channel/c/originEndpoint/hls'),
      endpoint('channelGroup/g/channel/c/originEndpoint/dash'),
    ]);
  });

  test('name the attached distribution', () => {
    const settings = settingsWith({ distribution: { attach: 'E1A2B3C4D5E6F7' } });
    const found = statements(originAccess(environmentWith({ origins: { live: mediapackage } }), settings));
    expect(JSON.stringify(found)).toContain('distribution/E1A2B3C4D5E6F7');
  });

  test('are none without such origins', () => {
    expect(originAccess(environmentWith(), settingsWith())).toBe('{}');
  });
});

describe('behaviours', () => {
  test.each(['pay-as-you-go', 'pro', 'business', 'premium'] as const)(
    'all carry the token check on plan %s',
    (plan) => {
      for (const behavior of behaviorsOf(settingsWith({ distribution: { plan } })))
        expect(behavior).toMatchObject({
          ViewerProtocolPolicy: 'https-only',
          FunctionAssociations: [
            { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Validator', 'FunctionARN'] } },
          ],
        });
    },
  );

  test('list location headers in the origin request policy even where no policy reads them', () => {
    expect(behaviorsOf(settingsWith())[0]).toMatchObject({ OriginRequestPolicyId: { Ref: 'OriginRequestPolicy' } });
  });

  test('keep answers private where the token is in a cookie', () => {
    const environment = environmentWith({ streams: { live: streamWith(), account: { ...cookie, paths: ['/my/'] } } });
    const policies = behaviorsOf(settingsWith(), environment).map((b) => [b.PathPattern, b.ResponseHeadersPolicyId]);
    const shared = { Ref: 'ResponseHeadersPolicy' };
    expect(policies).toEqual([
      [undefined, shared],
      ['/live/*', shared],
      ['/my/*', { Ref: 'PrivateResponseHeadersPolicy' }],
      ['/*/live/*', shared],
    ]);
  });

  test('on a plan without own policies use managed ones, by type of origin', () => {
    const settings = settingsWith({ distribution: { plan: 'pro' } });
    const origins = { live: mediapackage, vod: s3 };
    const streams = { live: streamWith(), vod: streamWith({ paths: ['/vod/'], origin: 'vod' }) };
    const [first, , vod] = behaviorsOf(settings, environmentWith({ origins, streams }));
    expect(first).toMatchObject({ CachePolicyId: '08627262-05a9-4f76-9ded-b50ca2e3a84f' });
    expect(vod).toMatchObject({ CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' });
    expect(first).not.toHaveProperty('OriginRequestPolicyId');
  });

  test('on such a plan get location headers from the managed policy that adds them and leaves Host alone', () => {
    const policies = { subscriber: policyWith({ countries: ['FR'] }) };
    const [first] = behaviorsOf(settingsWith({ distribution: { plan: 'pro' } }), environmentWith({ policies }));
    expect(first).toMatchObject({ OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac' });
  });

  test('on such a plan promise no website more than is configured', () => {
    const cors = { origins: ['https://www.example.com'], credentials: false };
    const [first] = behaviorsOf(settingsWith({ distribution: { plan: 'pro' } }), environmentWith({ cors }));
    expect(first).not.toHaveProperty('ResponseHeadersPolicyId');
  });
});

describe('policies', () => {
  test('have nothing in the cache key without query parameters', () => {
    const policies = ownPolicies(environmentWith(), settingsWith({ distribution: { cacheQuery: [] } }));
    expect(policies).toMatchObject({ query: { QueryStringBehavior: 'none' } });
  });

  test('let scripts read the reason only if it is exposed', () => {
    const exposed = (exposeReason: boolean): string =>
      JSON.stringify(ownPolicies(environmentWith(), settingsWith({ edge: { exposeReason } })));
    expect(exposed(true)).toContain('x-edgepass-reason');
    expect(exposed(false)).not.toContain('x-edgepass-reason');
  });

  test('allow the headers of carriage and binding', () => {
    const environment = environmentWith({
      streams: { live: streamWith({ carriage: { in: 'header', name: 'x-token' } }) },
      policies: { subscriber: policyWith({ bind: { headers: ['x-device'] } }) },
    });
    expect(ownPolicies(environment, settingsWith())).toMatchObject({
      private: true,
      cors: { AccessControlAllowHeaders: { Items: ['range', 'x-token', 'x-device'] }, OriginOverride: true },
    });
  });
});

describe('alarms', () => {
  const ids = (settings = settingsWith(), environment = environmentWith()): unknown[] =>
    alarms(environment, settings).map((alarm) => alarm as { id: string; name: string; dimensions: Json });

  test('watch the function and every distribution', () => {
    const domains = {
      a: { host: 'a.example.com', certificate: CERTIFICATE },
      'b-1': { host: 'b.example.com', certificate: other },
    };
    expect(ids(settingsWith(), environmentWith({ domains })).slice(3)).toMatchObject([
      { id: 'ComputeUtilizationAlarm', name: 'acme-video-dev-edge-compute-utilization' },
      { id: 'ServerErrorsAlarm', dimensions: [{ Value: { Ref: 'Distribution' } }, { Value: 'Global' }] },
      { id: 'ServerErrorsAlarmB1', name: 'acme-video-dev-edge-server-errors-b1' },
    ]);
  });

  test('watch the attached distribution', () => {
    const attached = ids(settingsWith({ distribution: { attach: 'E1A2B3C4D5E6F7' } })).at(-1);
    expect(attached).toMatchObject({ dimensions: [{ Name: 'DistributionId', Value: 'E1A2B3C4D5E6F7' }, {}] });
  });
});
