/** Names of resources. Project and environment begin each, so environments of one account never collide. */
import type { Environment } from '../../generator/modules/contract.ts';
import type { BaseSettings } from './settings.ts';

/** CloudFront functions, key value stores and origin access controls take 64 characters. */
export const MAX_NAME = 64;

export interface Names {
  keyValueStore: string;
  validator: string;
  log: string;
  cachePolicy: string;
  originRequestPolicy: string;
  responseHeadersPolicy: string;
  privateResponseHeadersPolicy: string;
  s3Access: string;
  mediaPackageAccess: string;
  webAcl: string;
  ruleGroup: string;
  alarmTopic: string;
  keyRecord: string;
  issuerRecord: string;
  revocationTable: string;
  keysMachine: string;
  homeAlarmTopic: string;
  dashboard: string;
}

export function resourceNames({ project, name }: Environment, { revocation }: BaseSettings): Names {
  const stem = `${project}-${name}`;
  return {
    keyValueStore: `${stem}-state`,
    validator: `${stem}-validator`,
    // CloudFront chooses this name; the group is made beforehand only to give it a retention.
    log: `/aws/cloudfront/function/${stem}-validator`,
    cachePolicy: `${stem}-cache`,
    originRequestPolicy: `${stem}-geography`,
    responseHeadersPolicy: `${stem}-cors`,
    privateResponseHeadersPolicy: `${stem}-cors-private`,
    s3Access: `${stem}-s3`,
    mediaPackageAccess: `${stem}-mediapackage`,
    webAcl: `${stem}-web-acl`,
    // AWS WAF cannot change a capacity. In the name it makes CloudFormation replace the group, which the worker refills.
    ruleGroup: `${stem}-revocations-${revocation.wafCapacity}`,
    alarmTopic: `${stem}-edge-alarms`,
    keyRecord: `edgepass/${project}/${name}/key-record`,
    issuerRecord: `edgepass/${project}/${name}/issuer-record`,
    revocationTable: `${stem}-revocations`,
    keysMachine: `${stem}-keys`,
    homeAlarmTopic: `${stem}-alarms`,
    dashboard: stem,
  };
}

/** Name of the alarm with a logical id: `ServerErrorsAdsEu` at the edge → `…-edge-server-errors-ads-eu`. */
export function alarmName(
  { project, name }: Environment,
  { where, id }: { where: 'edge' | 'home'; id: string },
): string {
  return `${project}-${name}-${where}-${id.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`;
}

/** Name of the secret with which an origin knows its distribution. */
export function verifySecretName({ project, name }: Environment, origin: string): string {
  return `edgepass/${project}/${name}/origin-verify/${origin}`;
}

/** Logical id of a resource that stands for a name of config.yaml: `origin-eu` → `OriginEu`. */
export function logicalPart(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
