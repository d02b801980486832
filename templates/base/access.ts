/**
 * How the origins can be locked to our distributions, as text for the outputs. Buckets and MediaPackage endpoints are
 * not ours, so their policies are the operator's to change.
 * Sources: CloudFront Developer Guide, "Restrict access to an Amazon S3 origin" and "… AWS Elemental MediaPackage v2 origin".
 */
import type { Environment, Json, Origin } from '../../generator/modules/contract.ts';
import { distributionsOf } from './distributions.ts';
import { ACCESS_CONTROL, defaultOrigin, originsOfType, verifiedOrigins } from './origins.ts';
import type { BaseSettings } from './settings.ts';

/** A map as JSON text in which `${…}` refers to resources. Settings cannot have a brace after `$` (schema). */
export function subJson(value: Json): Json {
  const text = JSON.stringify(value);
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

/** For each origin with access control: the policy statement that lets just our distributions read it. */
export function originAccess(environment: Environment, settings: BaseSettings): Json {
  const statements = (['s3', 'mediapackage'] as const).flatMap((type) =>
    originsOfType(environment, type).map(([name, origin]): [string, Json] => [
      name,
      {
        originAccessControl: `\${${ACCESS_CONTROL[type]}}`,
        statement: {
          Sid: 'EdgepassReads',
          Effect: 'Allow',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          ...ALLOWS[type](origin, prefixesOf(environment, name)),
          Condition: { StringEquals: { 'AWS:SourceArn': distributionArns(environment, settings) } },
        },
      },
    ]),
  );
  return subJson(Object.fromEntries(statements));
}

/** For each custom origin with a verification header: its name, and the secret that holds its value. */
export function originVerification(environment: Environment): Json {
  const entries = verifiedOrigins(environment).map(({ name, header, secret }): [string, Json] => [
    name,
    { header, secretArn: `\${${secret}}` },
  ]);
  return subJson(Object.fromEntries(entries));
}

const ALLOWS: Record<'s3' | 'mediapackage', (origin: Origin, prefixes: string[]) => { [key: string]: Json }> = {
  s3: ({ domain, path = '' }) => {
    const bucket = domain.slice(0, domain.lastIndexOf('.s3.'));
    return { Action: 's3:GetObject', Resource: `arn:\${AWS::Partition}:s3:::${bucket}${path}/*` };
  },
  mediapackage: (origin, prefixes) => {
    const resources = [...new Set(prefixes.map((prefix) => endpointArn(origin, prefix)))];
    return {
      Action: 'mediapackagev2:GetObject',
      Resource: resources.length === 1 ? (resources[0] as string) : resources,
    };
  },
};

/** The endpoint that a prefix leads to: its folder is /out/v1/<channel group>/<channel>/<endpoint>. */
function endpointArn({ domain, path = '' }: Origin, prefix: string): string {
  const region = /\.mediapackagev2\.([a-z0-9-]+)\./.exec(domain)?.[1] ?? 'REGION';
  const folder = `${path}${prefix}`.split('/').filter((segment) => segment !== '');
  const names = folder[0] === 'out' && folder[1] === 'v1' ? folder.slice(2) : [];
  const [group = 'CHANNEL-GROUP', channel = 'CHANNEL', endpoint = 'ENDPOINT'] = names;
  return `arn:\${AWS::Partition}:mediapackagev2:${region}:\${AWS::AccountId}:channelGroup/${group}/channel/${channel}/originEndpoint/${endpoint}`;
}

/** Prefixes under which an origin is asked for content. */
function prefixesOf(environment: Environment, name: string): string[] {
  const streams = Object.values(environment.streams).filter(
    ({ origin = defaultOrigin(environment) }) => origin === name,
  );
  const prefixes = streams.flatMap(({ paths, exclude = [] }) => [...paths, ...exclude]);
  return prefixes.length > 0 ? prefixes : ['/'];
}

function distributionArns(environment: Environment, settings: BaseSettings): string[] {
  const attached = settings.distribution.attach;
  const ids = attached === undefined ? distributionsOf(environment, settings).map(({ id }) => `\${${id}}`) : [attached];
  return ids.map((id) => `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/${id}`);
}
