/**
 * `edgepass/token`: issues playback URLs in a CMS, a script or the token API. Node.js 20 or later, no other package; types
 * need `@types/node`.
 */
/// <reference types="node" preserve="true" />
export { type IssuerRecord, parseIssuerRecord } from '../keys/issuer-record.ts';
export { RecordError } from '../keys/record-error.ts';
export { isCanonicalPath } from '../token/canonical-path.ts';
export type { Claims } from '../token/claims.ts';
export type { Reason } from '../token/verdict.ts';
export type { IssuedClaims } from './claims-text.ts';
export { jwt, type TokenCodec } from './codec.ts';
export type { IssuerPolicy, IssuerStream } from './deployment.ts';
export type { Demand, IssuerWarning } from './floor.ts';
export { IssueError, type IssueErrorCode } from './issue-error.ts';
export type { Issued, IssueRequest, Viewer } from './issue-types.ts';
export { createIssuer, type Issuer, type IssuerOptions } from './issuer.ts';
export { customKey, fixedKey, type IssuerKey, type KeySource, toIssuerKey } from './key-source.ts';
export { type SecretsClient, type SecretsManagerKeyOptions, secretsManagerKey } from './secrets-manager-key.ts';
export { newSession } from './session-id.ts';
