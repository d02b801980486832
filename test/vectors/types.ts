/** Shapes of the published files; README.md says the same in words. */
import type { Environment } from '../../generator/modules/contract.ts';
import type { Attribute, TestKey } from '../helpers/sign.ts';

export type Pair = [name: string, value: string];
export type Claims = Record<string, unknown>;

/** One deployment: what is built into its edge function. */
export interface Deployment extends Pick<Environment, 'project' | 'origins' | 'cors' | 'policies' | 'streams'> {
  environment: string;
  audience: string;
  unmatched: 'refuse' | 'pass';
}

export interface DeploymentsFile {
  version: 1;
  keys: Record<string, TestKey>;
  deployments: Record<'main' | 'small', Deployment>;
}

/** What an issuer is asked; complete, so that nothing else has to be read to mint the token. */
export interface IssueInput {
  key: TestKey;
  audience: string;
  policy: Environment['policies'][string] & { name: string };
  url: string;
  now: number;
  viewer?: { ip?: string; headers?: Record<string, string> };
  session?: string;
  lifetime?: number;
  paths?: string[];
  exclude?: string[];
  subject?: string;
}

export interface TokenVector {
  name: string;
  kid: string;
  claims: Claims;
  token: string;
  issue?: IssueInput;
  url?: string;
}

export interface TokensFile {
  version: 1;
  now: number;
  tokens: TokenVector[];
  variants: { of: string; how: string; header: string; payload: string; token: string }[];
}

export interface BindingVector {
  name: string;
  kid: string;
  aud: string;
  ssn?: string;
  iat: number;
  exp: number;
  attributes: Attribute[];
  canonical: string;
  hex: string;
  intsig: string;
}

export interface BindingFile {
  version: 1;
  bindings: BindingVector[];
  networks: { address: string; family: 4 | 6; width: number; name: string; network: string }[];
  noAddress: string[];
}

export type Expected =
  | {
      verdict: 'forward';
      uri: string;
      query?: string;
      headers?: Pair[];
      cookies?: Pair[];
      origin?: string;
      reported?: string;
    }
  | { verdict: 'refuse'; status: number; reason: string }
  | { verdict: 'answer'; status: 204 };

export interface RequestVector {
  name: string;
  deployment: 'main' | 'small';
  method: string;
  host: string;
  uri: string;
  query: string;
  headers: Pair[];
  cookies: Pair[];
  ip: string;
  now: number;
  /** Name in `states`; `null`: missing, or the store does not answer. */
  state: string | null;
  /** Session ids; `null`: the store does not answer. */
  revoked: string[] | null;
  expected: Expected;
}

export interface RequestsFile {
  version: 1;
  states: Record<string, string>;
  requests: RequestVector[];
}

export interface SessionsFile {
  version: 1;
  sessions: { session: string; key: string }[];
  noSession: string[];
}

export interface StateContent {
  audience: string;
  voidBefore: number;
  override?: { mode: 'enforce' | 'report'; until: number };
  keys: TestKey[];
}

export interface StateFile {
  version: 1;
  states: { name: string; text: string; content: StateContent }[];
  malformed: { name: string; text: string }[];
}
