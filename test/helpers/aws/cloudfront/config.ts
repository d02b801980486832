/**
 * The `DistributionConfig` of a template as the XML of the CloudFront API: there, a list is a map of `Quantity` and `Items`, and
 * some members have other names. Members that this table does not know keep their names.
 */
import { isObject, type Json } from '../json.ts';
import type { XmlElement } from '../wire/xml-document.ts';

const ITEMS: Readonly<Record<string, string>> = {
  Aliases: 'CNAME',
  Origins: 'Origin',
  CacheBehaviors: 'CacheBehavior',
  CustomErrorResponses: 'CustomErrorResponse',
  FunctionAssociations: 'FunctionAssociation',
  LambdaFunctionAssociations: 'LambdaFunctionAssociation',
  AllowedMethods: 'Method',
  CachedMethods: 'Method',
  TrustedKeyGroups: 'KeyGroup',
  TrustedSigners: 'AwsAccountNumber',
  OriginCustomHeaders: 'OriginCustomHeader',
  OriginSSLProtocols: 'SslProtocol',
  Headers: 'Name',
};
const NAMES: Readonly<Record<string, string>> = {
  OriginCustomHeaders: 'CustomHeaders',
  OriginSSLProtocols: 'OriginSslProtocols',
  AcmCertificateArn: 'ACMCertificateArn',
  IamCertificateId: 'IAMCertificateId',
  SslSupportMethod: 'SSLSupportMethod',
  IPV6Enabled: 'IsIPV6Enabled',
};
const BOOLEAN_DEFAULTS = ['Enabled'];

export function distributionConfig(config: Json, callerReference: string): XmlElement {
  const members = isObject(config) ? config : {};
  const body = Object.entries({ Comment: '', Origins: [], ...members }).map(([name, value]) => element(name, value));
  const defaults = BOOLEAN_DEFAULTS.filter((name) => !(name in members)).map((name) => element(name, true));
  return {
    name: 'DistributionConfig',
    attributes: ' xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"',
    text: '',
    children: [element('CallerReference', callerReference), ...body, ...defaults],
  };
}

function element(name: string, value: Json): XmlElement {
  const own = NAMES[name] ?? name;
  if (Array.isArray(value)) {
    const items = value.map((item) => element(ITEMS[name] ?? 'member', item));
    const quantity = element('Quantity', value.length);
    const children =
      items.length > 0 ? [quantity, { name: 'Items', attributes: '', text: '', children: items }] : [quantity];
    return { name: own, attributes: '', text: '', children };
  }
  if (isObject(value)) {
    return {
      name: own,
      attributes: '',
      text: '',
      children: Object.entries(value).map(([key, inner]) => element(key, inner)),
    };
  }
  return { name: own, attributes: '', text: value === null ? '' : String(value), children: [] };
}
