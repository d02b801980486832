/** Distributions and functions. The configuration of a distribution stays the XML document it came as. */
import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import { digest } from '../ids.ts';
import { printXml, textOf, type XmlElement } from '../wire/xml-document.ts';
import type { World } from '../world.ts';
import { distributionConfig } from './config.ts';

export interface Distribution {
  id: string;
  account: string;
  arn: string;
  domainName: string;
  status: 'Deployed' | 'InProgress';
  modified: Date;
  etag: string;
  config: XmlElement;
}

export interface EdgeFunction {
  name: string;
  account: string;
  arn: string;
  comment: string;
  runtime: string;
  created: Date;
  keyValueStores: string[];
  /** What LIVE answers; without it only DEVELOPMENT exists. */
  published: boolean;
}

export class CloudFront {
  readonly distributions = new Map<string, Distribution>();
  readonly functions = new Map<string, EdgeFunction>();
  readonly #clock: Clock;

  constructor(clock: Clock, world: World) {
    this.#clock = clock;
    world.watch('AWS::CloudFront::Distribution', {
      created: ({ physicalId, account, properties, attributes }) =>
        this.put({
          id: physicalId,
          account,
          domainName: attributes.DomainName ?? `${physicalId.toLowerCase()}.cloudfront.net`,
          config: distributionConfig(properties.DistributionConfig ?? {}, physicalId),
        }),
      updated: ({ physicalId, properties }) =>
        this.#change(physicalId, distributionConfig(properties.DistributionConfig ?? {}, physicalId)),
      deleted: ({ physicalId }) => this.distributions.delete(physicalId),
    });
    world.watch('AWS::CloudFront::Function', {
      created: ({ account, physicalId, properties }) => {
        const config = (properties.FunctionConfig ?? {}) as {
          Comment?: string;
          Runtime?: string;
          KeyValueStoreAssociations?: { KeyValueStoreARN: string }[];
        };
        this.functions.set(String(properties.Name), {
          name: String(properties.Name),
          account,
          arn: physicalId,
          comment: config.Comment ?? '',
          runtime: config.Runtime ?? '',
          created: this.#clock.now(),
          keyValueStores: (config.KeyValueStoreAssociations ?? []).map(({ KeyValueStoreARN }) => KeyValueStoreARN),
          published: properties.AutoPublish !== false,
        });
      },
      deleted: ({ properties }) => this.functions.delete(String(properties.Name)),
    });
  }

  /** Makes a distribution that no stack has. */
  put({
    id,
    account,
    domainName,
    config,
  }: {
    id: string;
    account: string;
    domainName?: string;
    config: XmlElement;
  }): Distribution {
    const distribution: Distribution = {
      id,
      account,
      arn: `arn:aws:cloudfront::${account}:distribution/${id}`,
      domainName: domainName ?? `${id.toLowerCase()}.cloudfront.net`,
      status: 'Deployed',
      modified: this.#clock.now(),
      etag: '',
      config,
    };
    distribution.etag = etagOf(distribution);
    this.distributions.set(id, distribution);
    return distribution;
  }

  distribution(id: string, account: string): Distribution {
    const distribution = this.distributions.get(id);
    if (!distribution)
      throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', { status: 404 });
    if (distribution.account !== account) throw new AwsError('AccessDenied', 'Access denied.', { status: 403 });
    return distribution;
  }

  update(
    id: string,
    account: string,
    { ifMatch, config }: { ifMatch: string | undefined; config: XmlElement },
  ): Distribution {
    const distribution = this.distribution(id, account);
    if (ifMatch === undefined) {
      throw new AwsError('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
    }
    if (ifMatch !== distribution.etag) {
      throw new AwsError(
        'PreconditionFailed',
        'The request failed because it did not meet the preconditions in one or more request-header fields.',
        { status: 412 },
      );
    }
    if (textOf(config, 'CallerReference') !== textOf(distribution.config, 'CallerReference')) {
      throw new AwsError('IllegalUpdate', 'Caller reference cannot be updated.');
    }
    this.#change(id, config);
    return distribution;
  }

  edgeFunction(name: string, stage: string, account: string): EdgeFunction {
    const found = this.functions.get(name);
    if (!found || found.account !== account || (stage === 'LIVE' && !found.published)) {
      throw new AwsError('NoSuchFunctionExists', 'The function does not exist.', { status: 404 });
    }
    return found;
  }

  #change(id: string, config: XmlElement): void {
    const distribution = this.distributions.get(id);
    if (!distribution) return;
    distribution.config = config;
    distribution.modified = this.#clock.now();
    distribution.etag = etagOf(distribution);
  }
}

function etagOf({ id, config, modified }: Distribution): string {
  return `E${digest(`${id} ${printXml(config)} ${modified.getTime()}`)
    .slice(0, 13)
    .toUpperCase()}`;
}
