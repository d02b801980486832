/** Playback URLs: for a new session, and for one that goes on. */
import type { Viewer } from '../issuer/issue-types.ts';
import type { Call, Handler } from './api.ts';
import { choosePolicy } from './choose-policy.ts';
import { issuePlayback, readContext } from './issue.ts';
import { type LiveToken, readLiveToken } from './live-token.ts';
import { Problem } from './problems.ts';
import { own } from './workplace.ts';

/** The body of a service; that of a viewer is empty. */
interface Stated {
  viewer?: Viewer;
  policy?: string;
  subject?: string;
  ttl?: number;
  domains?: readonly string[] | 'all';
  token?: string;
}

export const createPlayback: Handler = async (call) => {
  const { work, mount, caller, input } = call;
  const { parameters } = input;
  const stated = input.body as Stated;
  const asset = await work.asset(parameters.asset, mount);
  const policy = choosePolicy(work, asset, stated.policy ?? parameters.policy);
  const body = await issuePlayback(work, {
    asset,
    policy,
    viewer: viewerOf(call),
    subject: caller.subject ?? stated.subject,
    started: work.now(),
    ttl: stated.ttl,
    format: parameters.format,
    domains: stated.domains,
  });
  return { status: 201, body };
};

export const refreshSession: Handler = async (call) => {
  const { work, mount, input } = call;
  const live = await liveTokenOf(call);
  const context = readContext(live.context);
  if (context === undefined) throw new Problem('token-not-refreshable');
  const { started } = context;
  if (work.now() >= started + work.settings.maxSessionAge) throw new Problem('session-too-old');
  const asset = await work.asset(context.asset, mount);
  const policy = choosePolicy(work, asset, own(work.settings.policies, context.policy) && context.policy);
  const { session, subject } = live;
  const { ttl, domains } = input.body as Stated;
  // The issuer asks whether the session is revoked, before it signs.
  const body = await issuePlayback(work, {
    asset,
    policy,
    viewer: viewerOf(call),
    subject,
    session,
    started,
    ttl,
    format: input.parameters.format,
    domains,
  });
  return { status: 200, body };
};

/**
 * The live token of the session that the path names; of a viewer it must be theirs. Throws `token-missing`, `token-refused`,
 * `session-mismatch`, `session-of-another`.
 */
export async function liveTokenOf({ work, mount, caller, input }: Call): Promise<LiveToken> {
  const { parameters, body } = input;
  const text = mount.kind === 'viewers' ? parameters['x-edgepass-token'] : (body as Stated).token;
  if (text === undefined) throw new Problem('token-missing');
  const live = await readLiveToken(work, text, parameters.session);
  if (mount.kind === 'viewers' && live.subject !== caller.subject) throw new Problem('session-of-another');
  return live;
}

/** A service says who its viewer is; a viewer is not asked. */
function viewerOf({ mount, input }: Call): Viewer {
  if (mount.kind === 'services') return (input.body as Stated).viewer ?? {};
  return mount.viewerOf?.(input.event) ?? {};
}
