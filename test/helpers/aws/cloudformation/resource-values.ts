/** Physical ids and attributes. They look like those of AWS and depend on nothing but account, Region, names and a serial number. */
import { digest, letters } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { type Resource, resourceSpec } from './spec.ts';

export interface NewResource {
  account: string;
  region: string;
  stackName: string;
  logicalId: string;
  type: string;
  properties: JsonObject;
  /** Makes a replacement different from what it replaces. */
  serial: number;
}

export interface Identity {
  physicalId: string;
  /** By name, dotted for nested ones. */
  attributes: Record<string, string>;
}

export function identify(resource: NewResource): Identity {
  const spec = resourceSpec(resource.type);
  const seed = [resource.account, resource.region, resource.stackName, resource.logicalId, resource.serial].join(' ');
  if (!spec) return { physicalId: `${resource.stackName}-${resource.logicalId}-${letters(seed, 12)}`, attributes: {} };
  const facts: Facts = { resource, spec, seed, name: '' };
  facts.name = nameOf(facts);
  const parts = (spec.cfnRefIdentifier ?? spec.primaryIdentifier ?? []).map((part) => idPart(part, facts));
  const attributes = Object.fromEntries(
    Object.keys(spec.attributes).map((attribute) => [attribute, attributeOf(attribute, facts)]),
  );
  return { physicalId: parts.join('|') || facts.name, attributes };
}

/** The property that fixes the physical id, where the template sets it: such a resource cannot be replaced in place. */
export function customName(type: string, properties: JsonObject): string | undefined {
  for (const part of resourceSpec(type)?.primaryIdentifier ?? []) {
    const value = properties[part];
    if (/Name$/.test(part) && typeof value === 'string') return value;
  }
  // Identified by its ARN or an id that AWS makes, but unique by name.
  const named = ['Name', 'TopicName', 'FunctionName', 'ManagedPolicyName', 'StateMachineName'].find(
    (key) => typeof properties[key] === 'string',
  );
  return named ? String(properties[named]) : undefined;
}

interface Facts {
  resource: NewResource;
  spec: Resource;
  seed: string;
  name: string;
}

function nameOf({ resource, seed }: Facts): string {
  const own = customName(resource.type, resource.properties);
  if (own !== undefined) return own;
  const made = `${resource.stackName}-${resource.logicalId}-${letters(seed, 12)}`;
  return resource.type === 'AWS::S3::Bucket' ? made.toLowerCase() : made;
}

function idPart(part: string, facts: Facts): string {
  const given = facts.resource.properties[part];
  if (typeof given === 'string') return given;
  if (part in facts.spec.attributes) return attributeOf(part, facts);
  return /arn$/i.test(part) ? arn(facts) : /Id$/.test(part) ? madeUpId(facts) : facts.name;
}

function attributeOf(attribute: string, facts: Facts): string {
  const { type, region, properties } = facts.resource;
  const last = attribute.split('.').at(-1) ?? attribute;
  if (type === 'AWS::SecretsManager::Secret' && last === 'Id') return arn(facts);
  const special = SPECIAL[`${type} ${last}`];
  if (special !== undefined) return special(facts);
  if (/arn$/i.test(last)) return arn(facts);
  if (type === 'AWS::S3::Bucket') {
    if (last === 'DomainName') return `${facts.name}.s3.amazonaws.com`;
    if (last === 'RegionalDomainName') return `${facts.name}.s3.${region}.amazonaws.com`;
  }
  if (last === 'DomainName') return `d${digest(facts.seed).slice(0, 13)}.cloudfront.net`;
  if (typeof properties[last] === 'string') return properties[last];
  if (/Id$/.test(last)) return madeUpId(facts);
  if (/Name$/.test(last)) return facts.name;
  if (last === 'Status') return 'READY';
  return `${last}-${digest(`${facts.seed} ${attribute}`).slice(0, 12)}`;
}

/**
 * What is not as its name says. Source: CloudFormation Template Reference, "Return values" of each type; that of a log group
 * stands for its streams too.
 */
const SPECIAL: Readonly<Record<string, (facts: Facts) => string>> = {
  'AWS::DynamoDB::Table StreamArn': (facts) => `${arn(facts)}/stream/2026-11-24T12:00:00.000`,
  'AWS::Lambda::Url FunctionUrl': ({ resource: { region }, seed }) =>
    `https://${letters(seed, 32).toLowerCase()}.lambda-url.${region}.on.aws/`,
  'AWS::Logs::LogGroup Arn': (facts) => `${arn(facts)}:*`,
  'AWS::SQS::Queue QueueUrl': ({ resource: { region, account }, name }) =>
    `https://sqs.${region}.amazonaws.com/${account}/${name}`,
};

function madeUpId({ resource, seed }: Facts): string {
  if (/^AWS::CloudFront::(Distribution|OriginAccessControl)$/.test(resource.type)) return `E${letters(seed, 13)}`;
  const hex = digest(seed);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function arn(facts: Facts): string {
  const { resource, spec, name } = facts;
  const suffix = resource.type === 'AWS::SecretsManager::Secret' ? `-${letters(facts.seed, 6)}` : '';
  if (resource.type === 'AWS::IAM::OIDCProvider') {
    const host = String(resource.properties.Url ?? '').replace(/^https:\/\//, '');
    return `arn:aws:iam::${resource.account}:oidc-provider/${host}`;
  }
  if (resource.type === 'AWS::CloudFront::KeyValueStore') {
    return `arn:aws:cloudfront::${resource.account}:key-value-store/${madeUpId(facts)}`;
  }
  if (spec.arnTemplate) {
    const known: Record<string, string> = { Partition: 'aws', Region: resource.region, Account: resource.account };
    return spec.arnTemplate.replace(/\$\{([^}]+)\}/g, (_, key: string) => {
      const id = /Id$/.test(key) && resource.type !== 'AWS::SecretsManager::Secret' ? madeUpId(facts) : name + suffix;
      return known[key] ?? id;
    });
  }
  const [, service = '', kind = ''] = resource.type.split('::');
  const lower = service.toLowerCase();
  if (lower === 'sns') return `arn:aws:sns:${resource.region}:${resource.account}:${name}`;
  if (lower === 'wafv2') {
    const scope = resource.properties.Scope === 'CLOUDFRONT' ? 'global' : 'regional';
    return `arn:aws:wafv2:${resource.region}:${resource.account}:${scope}/${kind.toLowerCase()}/${name}/${madeUpId(facts)}`;
  }
  const region = lower === 'iam' || lower === 'cloudfront' ? '' : resource.region;
  return `arn:aws:${lower}:${region}:${resource.account}:${kind.toLowerCase()}/${name}${suffix}`;
}
