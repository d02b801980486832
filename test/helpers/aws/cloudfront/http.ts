/** CloudFront over HTTP: rest-xml, versions in `ETag` and `If-Match`. */
import { AwsError } from '../errors.ts';
import type { Answer } from '../wire/answer.ts';
import type { AwsRequest } from '../wire/request.ts';
import { FLAT_STYLE, members, QUERY_STYLE } from '../wire/xml.ts';
import { child, parseXml, printXml, type XmlElement } from '../wire/xml-document.ts';
import type { CloudFront, Distribution } from './model.ts';

export interface CloudFrontCall {
  operation: string;
  id: string;
}

const ROUTES: readonly [RegExp, string][] = [
  [/^GET \/[\d-]+\/distribution\/([^/]+)\/config$/, 'GetDistributionConfig'],
  [/^PUT \/[\d-]+\/distribution\/([^/]+)\/config$/, 'UpdateDistribution'],
  [/^GET \/[\d-]+\/distribution\/([^/]+)$/, 'GetDistribution'],
  [/^GET \/[\d-]+\/distribution\/?$/, 'ListDistributions'],
  [/^GET \/[\d-]+\/function\/([^/]+)\/describe$/, 'DescribeFunction'],
];

export function routeCloudFront({ method, path }: AwsRequest): CloudFrontCall {
  for (const [pattern, operation] of ROUTES) {
    const match = pattern.exec(`${method} ${path}`);
    if (match) return { operation, id: decodeURIComponent(match[1] ?? '') };
  }
  return { operation: `${method} ${path}`, id: '' };
}

export function answerCloudFront(
  model: CloudFront,
  request: AwsRequest,
  { operation, id, account }: CloudFrontCall & { account: string },
): Answer {
  switch (operation) {
    case 'GetDistribution': {
      const found = model.distribution(id, account);
      return xml(distribution(found), { etag: found.etag });
    }
    case 'GetDistributionConfig': {
      const found = model.distribution(id, account);
      return xml(printXml(found.config), { etag: found.etag });
    }
    case 'UpdateDistribution': {
      const updated = model.update(id, account, { ifMatch: request.headers['if-match'], config: parse(request.body) });
      return xml(distribution(updated), { etag: updated.etag });
    }
    case 'ListDistributions':
      return xml(distributions([...model.distributions.values()].filter((one) => one.account === account)));
    case 'DescribeFunction': {
      const stage = request.query.get('Stage') ?? 'DEVELOPMENT';
      const found = model.edgeFunction(id, stage, account);
      const stores = found.keyValueStores.map(
        (arn) => `<KeyValueStoreAssociation><KeyValueStoreARN>${arn}</KeyValueStoreARN></KeyValueStoreAssociation>`,
      );
      const config = members({ Comment: found.comment, Runtime: found.runtime }, QUERY_STYLE);
      const associations = `<KeyValueStoreAssociations><Quantity>${stores.length}</Quantity><Items>${stores.join('')}</Items></KeyValueStoreAssociations>`;
      const metadata = members(
        { FunctionARN: found.arn, Stage: stage, CreatedTime: found.created, LastModifiedTime: found.created },
        QUERY_STYLE,
      );
      const body = `<FunctionSummary><Name>${found.name}</Name><Status>DEPLOYED</Status><FunctionConfig>${config}${associations}</FunctionConfig><FunctionMetadata>${metadata}</FunctionMetadata></FunctionSummary>`;
      return xml(body, { etag: `ETVPDKIKX0DER` });
    }
    default:
      throw new AwsError('NotImplemented', `This stand-in does not know ${operation}`, { status: 501 });
  }
}

export function cloudFrontError({ code, message, status }: AwsError, requestId: string): string {
  const error = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message };
  return `<ErrorResponse><Error>${members(error, FLAT_STYLE)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function parse(body: Buffer): XmlElement {
  try {
    return parseXml(body.toString('utf8'));
  } catch {
    throw new AwsError('MalformedXML', 'The XML document is malformed.');
  }
}

function distribution({ id, arn, status, modified, domainName, config }: Distribution): string {
  const facts = {
    Id: id,
    ARN: arn,
    Status: status,
    LastModifiedTime: modified,
    InProgressInvalidationBatches: 0,
    DomainName: domainName,
  };
  return `<Distribution>${members(facts, FLAT_STYLE)}${printXml({ ...config, attributes: '' })}</Distribution>`;
}

/** The members of the configuration are repeated in the summary, without those that only the configuration has. */
function distributions(found: Distribution[]): string {
  const summaries = found.map(({ id, arn, status, modified, domainName, config }) => {
    const facts = members(
      { Id: id, ARN: arn, Status: status, LastModifiedTime: modified, DomainName: domainName },
      FLAT_STYLE,
    );
    const names = ['Aliases', 'Origins', 'Comment', 'Enabled', 'PriceClass', 'WebACLId', 'HttpVersion'];
    const copied = names.flatMap((name) => child(config, name) ?? []).map(printXml);
    return `<DistributionSummary>${facts}${copied.join('')}</DistributionSummary>`;
  });
  const head = members({ Marker: '', MaxItems: 100, IsTruncated: false, Quantity: found.length }, FLAT_STYLE);
  return `<DistributionList>${head}<Items>${summaries.join('')}</Items></DistributionList>`;
}

function xml(body: string, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { 'content-type': 'text/xml', ...headers }, body: `<?xml version="1.0"?>${body}` };
}
