/** `edgepass/token`: issues playback URLs in a CMS, a script or the token API. Node.js 20 or later. */
export type { Policy } from '../../generator/modules/contract.ts';
export type { IssuerRecord } from '../keys/issuer-record.ts';
export { type IssuedClaims, jwt, type TokenCodec } from './codec.ts';
export type { IssuerStream } from './deployment.ts';
export type { Demand, IssuerWarning } from './floor.ts';
export { IssueError, type IssueErrorCode } from './issue-error.ts';
export type { Issued, IssueRequest, Viewer } from './issue-types.ts';
export { createIssuer, type Issuer, type IssuerOptions } from './issuer.ts';
export { customKey, fixedKey, type IssuerKey, type KeySource } from './key-source.ts';
export { type SecretsClient, type SecretsManagerKeyOptions, secretsManagerKey } from './secrets-manager-key.ts';
