/** The origins of a distribution. */
import type { Environment, Json, Origin } from '../../generator/modules/contract.ts';
import { logicalPart } from './names.ts';

/** The origin of every path that no stream covers, and of streams that name none: the first one. */
export function defaultOrigin({ origins }: Environment): string {
  return Object.keys(origins)[0] ?? '';
}

/** Names of the origins that are used. The function selects among them by this name, so it is their id too. */
export function usedOrigins(environment: Environment): string[] {
  const first = defaultOrigin(environment);
  const used = new Set([first, ...Object.values(environment.streams).map((stream) => stream.origin ?? first)]);
  return Object.keys(environment.origins).filter((name) => used.has(name));
}

/** Used origins of one type, with their names. */
export function originsOfType(environment: Environment, type: Origin['type']): [string, Origin][] {
  return usedOrigins(environment)
    .map((name): [string, Origin] => [name, environment.origins[name] as Origin])
    .filter(([, origin]) => origin.type === type);
}

/** Logical id of the secret with which an origin knows its distribution. */
export function verifySecretId(origin: string): string {
  return `OriginVerify${logicalPart(origin)}`;
}

/** Used custom origins that verify their distribution. */
export function verifiedOrigins(environment: Environment): { name: string; header: string; secret: string }[] {
  return originsOfType(environment, 'custom').flatMap(([name, { verifyHeader }]) =>
    verifyHeader === undefined ? [] : [{ name, header: verifyHeader, secret: verifySecretId(name) }],
  );
}

/** Origins as the template loops over them; null for what an origin has not. */
export function originViews(environment: Environment): Json[] {
  return usedOrigins(environment).map((name) => {
    const origin = environment.origins[name] as Origin;
    const { domain, path = null, timeout, verifyHeader } = origin;
    return {
      id: name,
      domain,
      path,
      accessControl: ACCESS_CONTROL[origin.type],
      // An empty identity says "S3" and nothing else; access is the control's business.
      s3: origin.type === 's3' ? { OriginAccessIdentity: '', OriginReadTimeout: timeout } : null,
      custom: origin.type === 's3' ? null : connection(origin),
      headers: verifyHeader === undefined ? null : [verification(name, verifyHeader)],
    };
  });
}

/** Logical ids of the origin access controls. */
export const ACCESS_CONTROL = { s3: 'S3Access', mediapackage: 'MediaPackageAccess', custom: null } as const;

function verification(origin: string, header: string): Json {
  return {
    HeaderName: header,
    // Resolved by CloudFormation at deployment: the value is in no template and in no file of ours.
    HeaderValue: { 'Fn::Sub': `{{resolve:secretsmanager:\${${verifySecretId(origin)}}:SecretString}}` },
  };
}

function connection({ protocol, port, timeout }: Origin): Json {
  if (protocol === 'http')
    return {
      OriginProtocolPolicy: 'http-only',
      OriginReadTimeout: timeout,
      ...(port !== undefined && { HTTPPort: port }),
    };
  return {
    OriginProtocolPolicy: 'https-only',
    OriginSSLProtocols: ['TLSv1.2'],
    OriginReadTimeout: timeout,
    ...(port !== undefined && { HTTPSPort: port }),
  };
}
