/** What the API can do, as a table: routing, validation and the description of the API are all read from it. */
import type { JsonSchema } from './json-schema.ts';
import type { ProblemCode } from './problems.ts';
import {
  ASSET,
  ASSET_ID,
  ASSET_LIST,
  FORMAT,
  IDEMPOTENCY_KEY,
  OFFERED_ASSET,
  OFFERED_LIST,
  PLAYBACK,
  PLAYBACK_REQUEST,
  POLICY_LIST,
  REFRESH_REQUEST,
  REVOCATION,
  REVOCATION_REQUEST,
  SESSION_ID,
  STORED_ASSET,
} from './schemas.ts';

/** Who calls: a service states its viewer in the body, a viewer is what CloudFront says of it. */
export type Kind = 'services' | 'viewers';

/** What a caller may be allowed: each is one scope of an access token. */
export const PERMISSIONS = ['playback', 'revocations', 'assets', 'assetChanges', 'viewing'] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  description: string;
  schema: JsonSchema;
  required?: true;
  /** Absent: of both. */
  kind?: Kind;
}

interface Form {
  /** Absent: it has no body. */
  body?: JsonSchema;
  /** The body may be left out. */
  bodyIsOptional?: true;
  permission: Permission;
  /** How often one caller may ask is limited. */
  isRated?: true;
  /** Those that only these callers can get. */
  problems?: readonly ProblemCode[];
  /** By status; `null`: no body. */
  answers: Readonly<Record<number, JsonSchema | null>>;
}

export interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{parameter}`, relative to the mount. */
  path: string;
  summary: string;
  parameters: readonly Parameter[];
  /** What all of its callers can get. */
  problems: readonly ProblemCode[];
  services?: Form;
  viewers?: Form;
}

const asset: Parameter = {
  in: 'path',
  name: 'asset',
  description: 'Id of the asset',
  schema: ASSET_ID,
  required: true,
};
const session: Parameter = {
  in: 'path',
  name: 'session',
  description: 'Id of the session',
  schema: SESSION_ID,
  required: true,
};
const liveToken: Parameter = {
  in: 'header',
  name: 'x-edgepass-token',
  description: 'The live token of the session',
  schema: { type: 'string', minLength: 1, maxLength: 4096 },
  required: true,
  kind: 'viewers',
};

const ISSUING: ProblemCode[] = [
  'asset-not-found',
  'path-outside-stream',
  'policy-unknown',
  'policy-too-weak',
  'policy-unfit',
  'viewer-unfit',
  'place-not-allowed',
  'token-too-long',
  'format-missing',
];
/** Of what only services may state. */
const STATED: ProblemCode[] = ['lifetime-too-long', 'domain-unknown'];
const LIVE: ProblemCode[] = ['token-refused', 'session-mismatch'];
/** A viewer shows the token in a header, and only their own. */
const SHOWN: ProblemCode[] = ['token-missing', 'session-of-another'];

export const OPERATIONS = [
  {
    id: 'createPlayback',
    method: 'POST',
    path: '/playback/{asset}',
    summary: 'Issues playback URLs for an asset, with a new session',
    parameters: [
      asset,
      {
        in: 'query',
        name: 'policy',
        description: "A stricter policy than the asset's",
        schema: { type: 'string', maxLength: 31 },
        kind: 'viewers',
      },
      { in: 'query', name: 'format', description: 'Only this format', schema: FORMAT, kind: 'viewers' },
      {
        in: 'header',
        name: 'idempotency-key',
        description: 'The same key and request within an hour get the same answer',
        schema: IDEMPOTENCY_KEY,
      },
    ],
    problems: [...ISSUING, 'session-revoked', 'request-in-progress', 'idempotency-key-reused'],
    services: { body: PLAYBACK_REQUEST, permission: 'playback', problems: STATED, answers: { 201: PLAYBACK } },
    viewers: { permission: 'viewing', isRated: true, answers: { 201: PLAYBACK } },
  },
  {
    id: 'refreshSession',
    method: 'POST',
    path: '/sessions/{session}/refresh',
    summary: 'Issues a new token for the session of a live one',
    parameters: [
      session,
      { in: 'query', name: 'format', description: 'Only this format', schema: FORMAT, kind: 'viewers' },
      liveToken,
    ],
    problems: [...ISSUING, ...LIVE, 'token-not-refreshable', 'session-too-old', 'session-revoked'],
    services: { body: REFRESH_REQUEST, permission: 'playback', problems: STATED, answers: { 200: PLAYBACK } },
    viewers: { permission: 'viewing', isRated: true, problems: SHOWN, answers: { 200: PLAYBACK } },
  },
  {
    id: 'revokeSession',
    method: 'POST',
    path: '/sessions/{session}/revocation',
    summary: 'Refuses a session at the edge, within seconds and for good',
    parameters: [session, liveToken],
    problems: [],
    services: {
      body: REVOCATION_REQUEST,
      bodyIsOptional: true,
      permission: 'revocations',
      problems: ['expires-too-early'],
      answers: { 200: REVOCATION },
    },
    viewers: { permission: 'viewing', problems: [...LIVE, ...SHOWN], answers: { 200: REVOCATION } },
  },
  {
    id: 'liftRevocation',
    method: 'DELETE',
    path: '/sessions/{session}/revocation',
    summary: 'Lets a revoked session play again',
    parameters: [session],
    problems: ['revocation-not-found'],
    services: { permission: 'revocations', answers: { 200: REVOCATION } },
  },
  {
    id: 'listAssets',
    method: 'GET',
    path: '/assets',
    summary: 'Lists assets in order of their ids, up to 100 at a time',
    parameters: [{ in: 'query', name: 'after', description: 'Behind this id', schema: ASSET_ID }],
    problems: [],
    services: { permission: 'assets', answers: { 200: ASSET_LIST } },
    viewers: { permission: 'viewing', answers: { 200: OFFERED_LIST } },
  },
  {
    id: 'getAsset',
    method: 'GET',
    path: '/assets/{asset}',
    summary: 'Shows an asset',
    parameters: [asset],
    problems: ['asset-not-found'],
    services: { permission: 'assets', answers: { 200: STORED_ASSET } },
    viewers: { permission: 'viewing', answers: { 200: OFFERED_ASSET } },
  },
  {
    id: 'putAsset',
    method: 'PUT',
    path: '/assets/{asset}',
    summary: 'Writes an asset, new or in place of what is there',
    parameters: [asset],
    problems: ['stream-unknown', 'path-outside-stream', 'policy-unknown', 'policy-too-weak', 'policy-unfit'],
    services: { body: ASSET, permission: 'assetChanges', answers: { 200: STORED_ASSET, 201: STORED_ASSET } },
  },
  {
    id: 'deleteAsset',
    method: 'DELETE',
    path: '/assets/{asset}',
    summary: 'Removes an asset; what is played goes on until its tokens expire',
    parameters: [asset],
    problems: ['asset-not-found'],
    services: { permission: 'assetChanges', answers: { 204: null } },
  },
  {
    id: 'listPolicies',
    method: 'GET',
    path: '/policies',
    summary: 'Lists the token policies and what they bind',
    parameters: [],
    problems: [],
    services: { permission: 'assets', answers: { 200: POLICY_LIST } },
    viewers: { permission: 'viewing', answers: { 200: POLICY_LIST } },
  },
  {
    id: 'describe',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    parameters: [],
    problems: [],
    services: { permission: 'assets', answers: { 200: { type: 'object', title: 'OpenApi' } } },
    viewers: { permission: 'viewing', answers: { 200: { type: 'object', title: 'OpenApi' } } },
  },
] as const satisfies readonly Operation[];

export type OperationId = (typeof OPERATIONS)[number]['id'];
