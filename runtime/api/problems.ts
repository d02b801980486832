/** Why a request was not done (RFC 9457). Codes are stable and documented in `docs/api.md`; texts are for people. */

/** Status and title by code, in the order of the documentation. */
export const PROBLEMS = {
  'request-invalid': [400, 'The request is not as the description of the API says.'],
  'body-missing': [400, 'The request has no body.'],
  'token-missing': [400, 'The request has no live token.'],
  unauthenticated: [401, 'The caller is not known.'],
  'scope-missing': [403, 'The caller may not do this.'],
  'not-for-viewers': [403, 'Viewers may not do this.'],
  'token-refused': [403, 'The token is not live.'],
  'token-not-refreshable': [403, 'The token was not issued by this API.'],
  'session-mismatch': [403, 'The token is of another session.'],
  'session-of-another': [403, 'The session is of another viewer.'],
  'session-too-old': [403, 'The session has reached its maximum age.'],
  'not-found': [404, 'There is nothing at this path.'],
  'asset-not-found': [404, 'There is no such asset.'],
  'revocation-not-found': [404, 'The session is not revoked.'],
  'method-not-allowed': [405, 'The path does not take this method.'],
  'request-in-progress': [409, 'The same request is being worked on.'],
  'session-revoked': [410, 'The session is revoked.'],
  'body-too-large': [413, 'The body is too large.'],
  'media-type-unsupported': [415, 'The body is of another type than JSON.'],
  'stream-unknown': [422, 'There is no such stream.'],
  'path-outside-stream': [422, 'The folder does not lie in the stream.'],
  'policy-unknown': [422, 'There is no such policy.'],
  'policy-too-weak': [422, 'The policy is weaker than what is asked for demands.'],
  'policy-unfit': [422, 'The API cannot issue tokens of this policy.'],
  'lifetime-too-long': [422, 'The token would live too long.'],
  'domain-unknown': [422, 'There is no such delivery domain for the asset.'],
  'format-missing': [422, 'The asset does not have this format.'],
  'viewer-unfit': [422, 'The viewer lacks what the policy binds tokens to.'],
  'token-too-long': [422, 'The token would be too long.'],
  'expires-too-early': [422, 'The revocation would end before it begins.'],
  'idempotency-key-reused': [422, 'The key was used for another request.'],
  'too-many-requests': [429, 'The viewer asks too often.'],
  'place-not-allowed': [451, 'The viewer is where the asset may not be played.'],
  internal: [500, 'Something went wrong here.'],
  'identity-provider-unavailable': [503, 'The issuer of access tokens does not answer.'],
  'temporarily-unavailable': [503, 'The API cannot do this for the moment.'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

export function statusOf(code: ProblemCode): number {
  return PROBLEMS[code][0];
}

/** A place in the request and what is wrong there. */
export interface RequestFault {
  /** JSON pointer into the body; `#header/<name>` or `#query/<name>` for other parts. */
  pointer: string;
  detail: string;
}

export interface ProblemMembers {
  /** One sentence about this case, with nothing of a token in it. */
  detail?: string;
  /** The edge's or the issuer's word for it. */
  reason?: string;
  /** What a policy does not give. */
  demands?: readonly string[];
  errors?: readonly RequestFault[];
}

export interface ProblemOptions extends ErrorOptions {
  /** Further headers of the answer. */
  headers?: Readonly<Record<string, string>>;
}

/** Thrown where a request cannot be done. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, members: ProblemMembers = {}, { headers = {}, ...options }: ProblemOptions = {}) {
    super(PROBLEMS[code][1], options);
    this.code = code;
    this.members = members;
    this.headers = headers;
  }
}

/** The document of a problem. `type` is relative: the API has no address that holds everywhere. */
export function problemDocument({ code, members }: Pick<Problem, 'code' | 'members'>): object {
  const [status, title] = PROBLEMS[code];
  return { type: `/problems/${code}`, title, status, ...members };
}
