/**
 * The token API as a function from a request to an answer. All it touches comes in: stores, keys, edge state, clock, and who
 * calls. The same code runs behind API Gateway, behind CloudFront, in the demo and in the local edge.
 */
import type { AssetStore, StoredAsset } from '../aws/asset-store.ts';
import type { RequestStore } from '../aws/request-store.ts';
import type { SessionRevocations } from '../aws/session-revocations.ts';
import type { WindowCounter } from '../aws/window-counter.ts';
import type { Viewer } from '../issuer/issue-types.ts';
import type { KeySource } from '../issuer/key-source.ts';
import { answerOf, problemAnswer, type Reply } from './answers.ts';
import { corsHeaders, isPreflight, preflight } from './cors.ts';
import type { ApiEvent, ApiResult } from './event.ts';
import { HANDLERS } from './handlers.ts';
import { once } from './idempotency.ts';
import type { Kind, OperationId, Permission } from './operations.ts';
import { Problem, type ProblemCode } from './problems.ts';
import { limitRate } from './rate.ts';
import { type Input, readInput } from './read-input.ts';
import { findRoute } from './router.ts';
import type { ApiSettings } from './settings.ts';
import { type Workplace, workplace } from './workplace.ts';

/** Who calls, as its mount found out. */
export interface Caller {
  /** Tells callers apart; it is kept only as a digest. */
  id: string;
  /** Of a viewer: the pseudonym that stands in its tokens. */
  subject?: string;
  /** Absent: everything that the mount offers. */
  permissions?: ReadonlySet<Permission>;
}

/** Where the API is mounted, and what holds for everybody who comes through there. */
export interface Mount {
  kind: Kind;
  /** In front of every path; `''` or `/api`. */
  base: string;
  /** Throws a `Problem` for who is not known. */
  authenticate(event: ApiEvent): Promise<Caller>;
  /** Mounts of viewers: what is known of the viewer. It must come from where no client can write. */
  viewerOf?(event: ApiEvent): Viewer;
  /** Whether it is known how often each caller asks. */
  countsCallers?: true;
  /** Absent: every asset is there. */
  shows?(asset: StoredAsset): boolean;
}

export interface ApiOptions {
  settings: ApiSettings;
  mount: Mount;
  assets: AssetStore;
  requests: RequestStore;
  revocations: SessionRevocations;
  /** Requests by viewer; absent: nobody counts them. */
  rates?: WindowCounter;
  keys: KeySource;
  /** The edge state as it stands in the KeyValueStore, by which live tokens are told. */
  state(): Promise<string | undefined>;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
  /** What is told of every answer; nothing of a token is in it. */
  onAnswer?(told: Told): void;
}

export interface Told {
  operation: OperationId | 'preflight' | 'none';
  status: number;
  problem?: ProblemCode;
  /** What went wrong here, for `internal` and `temporarily-unavailable`. */
  cause?: unknown;
}

export type Api = (event: ApiEvent) => Promise<ApiResult>;

/** What an operation gets. */
export interface Call {
  work: Workplace;
  mount: Mount;
  caller: Caller;
  input: Input;
}

export type Handler = (call: Call) => Promise<Reply>;

/** Throws `configuration_invalid` (an `IssueError`) for settings that contradict themselves. */
export function createApi(options: ApiOptions): Api {
  const { mount, settings, onAnswer } = options;
  const work = workplace(options);
  const route = findRoute(mount);

  async function run(event: ApiEvent, told: Told): Promise<Reply> {
    const { operation, parameters } = await route(event);
    told.operation = operation.id as OperationId;
    const form = operation[mount.kind];
    const caller = await mount.authenticate(event);
    if (form === undefined) throw new Problem('not-for-viewers');
    if (caller.permissions !== undefined && !caller.permissions.has(form.permission))
      throw new Problem('scope-missing', { detail: `It takes the permission \`${form.permission}\`.` });
    const input = readInput({ event, operation, form, kind: mount.kind, parameters });
    if (form.isRated) await limitRate(work, caller);
    const handle = HANDLERS[told.operation];
    const call = { work, mount, caller, input };
    return once({ call, operation: told.operation }, () => handle(call));
  }

  return async (event) => {
    const told: Told = { operation: 'none', status: 500 };
    let result: ApiResult;
    if (isPreflight(event)) {
      told.operation = 'preflight';
      result = preflight(settings, event);
    } else {
      try {
        result = answerOf(await run(event, told));
      } catch (error) {
        const problem = work.problemOf(error);
        told.problem = problem.code;
        if (problem.cause !== undefined) told.cause = problem.cause;
        result = problemAnswer(problem);
      }
      Object.assign(result.headers, corsHeaders(settings.cors, event));
    }
    told.status = result.statusCode;
    onAnswer?.(told);
    return result;
  };
}
