/** `attach` against the in-memory AWS: what it shows, what it writes, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { policyDocument } from '../../../generator/access/grant.ts';
import { commandGrants } from '../../../generator/access/policies.ts';
import type { Io } from '../../../generator/commands/command.ts';
import { distributionConfig } from '../../helpers/aws/cloudfront/config.ts';
import type { XmlElement } from '../../helpers/aws/wire/xml-document.ts';
import { ACCOUNT, type Deployment, deployment, HOME, testClock } from '../../helpers/deployment.ts';
import { isAllowed, requestOf } from '../../helpers/iam-evaluator.ts';
import { outputTreeOf } from '../../helpers/output-tree.ts';

const ID = 'E1EXISTING';
const CHECK = `arn:aws:cloudfront::${ACCOUNT}:function/acme-dev-validator`;
const OTHER = `arn:aws:cloudfront::${ACCOUNT}:function/rewrite`;

const template = (distribution: string): string => `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Note: {Type: AWS::SSM::Parameter, Properties: {Name: /acme/dev/note, Type: String, Value: x}}
Outputs:
  FunctionArn: {Value: "${CHECK}"}
  CachePolicyId: {Value: cache-of-edgepass}
  OriginRequestPolicyId: {Value: none}
  Behaviors: {Value: '[{"pattern":"/live/*","origin":"packager","private":false}]'}
  DistributionId: {Value: ${distribution}}
`;

const behavior = (origin: string, more: object = {}) => ({
  TargetOriginId: origin,
  ViewerProtocolPolicy: 'https-only',
  Compress: true,
  CachePolicyId: 'cache-of-theirs',
  ...more,
});

const CONFIG = {
  Comment: 'Theirs, with everything in it',
  Enabled: true,
  PriceClass: 'PriceClass_100',
  WebACLId: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/theirs/1',
  HttpVersion: 'http2and3',
  IPV6Enabled: true,
  Aliases: ['media.example.com'],
  ViewerCertificate: {
    AcmCertificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
    SslSupportMethod: 'sni-only',
    MinimumProtocolVersion: 'TLSv1.2_2021',
  },
  Origins: [
    {
      Id: 'packager',
      DomainName: 'origin.example.com',
      OriginCustomHeaders: [{ HeaderName: 'x-a', HeaderValue: 'b' }],
      CustomOriginConfig: {
        HTTPPort: 80,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      },
    },
    {
      Id: 'same-host',
      DomainName: 'origin.example.com',
      CustomOriginConfig: {
        HTTPPort: 80,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      },
    },
    {
      Id: 'website',
      DomainName: 'www.example.com',
      CustomOriginConfig: {
        HTTPPort: 80,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      },
    },
  ],
  DefaultCacheBehavior: behavior('website', {
    FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: OTHER }],
  }),
  CacheBehaviors: [
    {
      PathPattern: '/live/*',
      ...behavior('packager', { FunctionAssociations: [{ EventType: 'viewer-response', FunctionARN: OTHER }] }),
    },
    { PathPattern: '/old/*', ...behavior('same-host', { AllowedMethods: ['GET', 'HEAD'] }) },
    { PathPattern: '/img/*', ...behavior('website') },
  ],
  CustomErrorResponses: [{ ErrorCode: 404, ResponseCode: '200', ResponsePagePath: '/404.html' }],
};

type Config = typeof CONFIG;

async function attached(change: (config: Config) => void = () => undefined, distribution = ID): Promise<Deployment> {
  const one = await deployment();
  const outputs = Object.fromEntries(
    ['FunctionArn', 'CachePolicyId', 'OriginRequestPolicyId', 'Behaviors', 'DistributionId'].map((id) => [id, id]),
  );
  await one.output(
    outputTreeOf({
      manifest: { account: ACCOUNT, region: HOME },
      stacks: { 'base.edge': { template: template(distribution), region: 'us-east-1', outputs } },
    }),
  );
  await one.must(['deploy', '--yes']);
  put(one, change);
  return one;
}

function put({ aws }: Deployment, change: (config: Config) => void = () => undefined): void {
  const config = structuredClone(CONFIG);
  change(config);
  aws.cloudFront.put({ id: ID, account: ACCOUNT, config: distributionConfig(config, ID) });
}

/** Every value of the stored document with its path; items of a list are numbered. */
function leaves({ name, children, text }: XmlElement, path = ''): string[] {
  const here = `${path}/${name}`;
  if (children.length === 0) return [`${here} = ${text}`];
  const seen = new Map<string, number>();
  return children.flatMap((one) => {
    const index = seen.get(one.name) ?? 0;
    seen.set(one.name, index + 1);
    return leaves(one, `${here}[${index}]`);
  });
}

function stored({ aws }: Deployment): string[] {
  const found = aws.cloudFront.distributions.get(ID);
  return found === undefined ? [] : leaves(found.config).sort();
}

const ATTACH = ['attach', '--env', 'dev', '--distribution', ID];
const codes = (stdout: string): string[] => JSON.parse(stdout).diagnostics.map(({ code }: { code: string }) => code);
const updates = (one: Deployment): number =>
  one.operations().filter((operation) => operation === 'cloudfront:UpdateDistribution').length;

describe('edgepass attach', () => {
  it('puts the check on every behaviour that reaches the origin, by whatever name, and shows it first', async () => {
    const one = await attached();
    const ran = await one.run([...ATTACH, '--yes']);
    expect([ran.code, ran.stdout]).toEqual([0, `${ID}  attached\n`]);
    expect(ran.stderr).toBe(`${ID}
  /live/*  origin packager  no token check now
    - viewer-request function: none
    + viewer-request function: ${CHECK}
    - cache policy: cache-of-theirs
    + cache policy: cache-of-edgepass
  /old/*  origin same-host  no token check now
    - viewer-request function: none
    + viewer-request function: ${CHECK}
    - cache policy: cache-of-theirs
    + cache policy: cache-of-edgepass
  Nothing else is touched.
`);
  });

  it('leaves everything else as it was, value by value', async () => {
    const one = await attached();
    const before = stored(one);
    await one.run([...ATTACH, '--yes']);
    const after = stored(one);
    const changed = [
      ...before.filter((leaf) => !after.includes(leaf)),
      ...after.filter((leaf) => !before.includes(leaf)),
    ];
    expect(after.length).toBeGreaterThan(60);
    // The list of functions of two behaviours, and their cache policy; an empty list is stated where none was.
    expect(changed.filter((leaf) => !/(FunctionAssociations|CachePolicyId)/.test(leaf))).toEqual([]);
    expect(changed.filter((leaf) => leaf.includes('DefaultCacheBehavior'))).toEqual([]);
    expect(after.filter((leaf) => leaf.endsWith(`= ${OTHER}`))).toHaveLength(2);
    expect(after.filter((leaf) => leaf.endsWith(`= ${CHECK}`))).toHaveLength(2);
  });

  it('does nothing the second time', async () => {
    const one = await attached();
    await one.run([...ATTACH, '--yes']);
    const before = stored(one);
    one.aws.calls.length = 0;
    const ran = await one.run([...ATTACH]);
    expect([ran.code, ran.stdout, updates(one)]).toEqual([0, `${ID}  unchanged\n`, 0]);
    expect(stored(one)).toEqual(before);
  });

  it('asks, and needs an answer', async () => {
    const one = await attached();
    expect((await one.run(ATTACH)).stderr).toContain('EP7024');
    const terminal = { columns: 80, ask: async () => 'no' };
    expect((await one.run(ATTACH, { terminal } as Partial<Io>)).stderr).toContain('EP7306');
    expect(updates(one)).toBe(0);
  });

  it('shows the new change when somebody else was quicker, and asks again', async () => {
    const one = await attached();
    const asked: string[] = [];
    const terminal = {
      columns: 80,
      ask: async (question: string) => {
        asked.push(question);
        if (asked.length === 1) put(one, (config) => config.CacheBehaviors.splice(1, 1));
        return 'yes';
      },
    };
    const ran = await one.run(ATTACH, { terminal } as Partial<Io>);
    expect([ran.code, asked.length, updates(one)]).toEqual([0, 2, 2]);
    const [first = '', second = ''] = ran.stderr.split('What would change now');
    expect([first.includes('/old/*'), second.includes('/old/*')]).toEqual([true, false]);
    expect(stored(one).some((leaf) => leaf.endsWith('= /old/*'))).toBe(false);
  });

  it('gives up when it happens twice, and has changed nothing', async () => {
    const one = await attached();
    let count = 0;
    const terminal = {
      columns: 80,
      ask: async () => {
        put(one, (config) => {
          config.Comment = `change ${++count}`;
        });
        return 'yes';
      },
    };
    const ran = await one.run([...ATTACH, '--json'], { terminal } as Partial<Io>);
    expect([ran.code, codes(ran.stdout), count]).toEqual([1, ['EP7616'], 2]);
    expect(stored(one).some((leaf) => leaf.endsWith(`= ${CHECK}`))).toBe(false);
  });

  it('changes nothing while a behaviour has no room for the check, and says which', async () => {
    const one = await attached((config) => {
      Object.assign(config.CacheBehaviors[0] as object, {
        FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: OTHER }],
      });
      Object.assign(config.CacheBehaviors[1] as object, {
        LambdaFunctionAssociations: [
          { EventType: 'viewer-response', LambdaFunctionARN: 'arn:aws:lambda:us-east-1:1:function:edge:1' },
        ],
      });
    });
    const ran = await one.run([...ATTACH, '--yes', '--json']);
    expect([ran.code, codes(ran.stdout), updates(one)]).toEqual([1, ['EP7611', 'EP7611'], 0]);
    expect(ran.stdout).toMatch(/\/live\/\*.*rewrite[\s\S]*\/old\/\*.*function:edge/);
  });

  it('warns of what it does not do itself', async () => {
    const one = await attached((config) => {
      config.CacheBehaviors.splice(0, 1);
      Object.assign(config.DefaultCacheBehavior, {
        TargetOriginId: 'packager',
        FunctionAssociations: [],
        ViewerProtocolPolicy: 'allow-all',
      });
    });
    const ran = await one.run([...ATTACH, '--yes', '--json']);
    expect([ran.code, codes(ran.stdout)]).toEqual([0, ['EP7612', 'EP7612']]);
    expect(ran.stdout).toMatch(/no behaviour of its own for \/live\/\*/);
    expect(ran.stdout).toMatch(/in clear text on default/);
  });

  it('takes the legacy cache settings out only together with a policy', async () => {
    const legacy = (config: Config): void => {
      const { CachePolicyId: _, ...rest } = config.CacheBehaviors[0] as { CachePolicyId?: string };
      Object.assign(rest, { MinTTL: 0, ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } } });
      config.CacheBehaviors[0] = rest as Config['CacheBehaviors'][0];
    };
    const one = await attached(legacy);
    expect((await one.run([...ATTACH, '--yes', '--function-only'])).code).toBe(0);
    expect(stored(one).filter((leaf) => leaf.includes('ForwardedValues'))).not.toEqual([]);
    expect(stored(one).filter((leaf) => leaf.endsWith('cache-of-edgepass'))).toEqual([]);
    const ran = await one.run([...ATTACH, '--yes']);
    expect(ran.stderr).toContain('- MinTTL: 0\n');
    expect(stored(one).filter((leaf) => /ForwardedValues|MinTTL/.test(leaf))).toEqual([]);
  });

  it('waits until it is everywhere, unless told not to', async () => {
    const one = await attached();
    const found = one.aws.cloudFront.distributions.get(ID);
    if (found === undefined) throw new Error('no distribution');
    found.status = 'InProgress';
    const clock = testClock();
    let waited = 0;
    const sleep = async (ms: number): Promise<void> => {
      waited += ms;
      if (waited > 10_000) found.status = 'Deployed';
    };
    const quick = await one.run([...ATTACH, '--yes', '--no-wait'], { clock: { ...clock, sleep } });
    expect([waited, quick.stdout]).toEqual([0, `${ID}  attached; it takes some minutes to be everywhere\n`]);
    put(one);
    const again = one.aws.cloudFront.distributions.get(ID);
    if (again !== undefined) again.status = 'InProgress';
    const slow = one.run([...ATTACH, '--yes'], {
      clock: {
        ...clock,
        sleep: async (ms) => {
          waited += ms;
          if (waited > 10_000 && again !== undefined) again.status = 'Deployed';
        },
      },
    });
    expect([(await slow).stdout, waited > 10_000]).toEqual([`${ID}  attached\n`, true]);
  });

  it.each([
    ['another distribution than the one that is deployed for', ['--distribution', 'E2OTHER'], 1, 'EP7615'],
    ['what is no id', ['--distribution', '../x'], 2, ''],
  ])('refuses %s', async (_name, more, code, expected) => {
    const one = await attached();
    const ran = await one.run(['attach', '--env', 'dev', ...more, '--yes']);
    expect([ran.code, updates(one)]).toEqual([code, 0]);
    expect(ran.stderr).toContain(expected);
  });

  it('says when there is no such distribution, or no deployment', async () => {
    const one = await attached(undefined, 'E3MISSING');
    expect((await one.run(['attach', '--distribution', 'E3MISSING', '--yes'])).stderr).toContain('EP7613');
    await one.output({});
    expect((await one.run([...ATTACH, '--yes'])).stderr).toContain('EP7614');
  });

  it('calls only what its policy allows', async () => {
    const one = await attached();
    await one.run([...ATTACH, '--yes']);
    const scope = { project: 'acme', environment: 'dev', account: ACCOUNT, region: HOME, modules: [] };
    const policy = policyDocument(commandGrants('attach', scope));
    expect(one.aws.calls.map(requestOf).filter((request) => !isAllowed([policy], request))).toEqual([]);
    expect(updates(one)).toBe(1);
  });
});
