/**
 * The token specification once more, written to be read: what the edge function answers to a request, step by step and
 * with a sentence for each. It shares no code with the edge function but the codec of the edge state, the names of
 * reasons and claims, and limits; so whoever runs both and finds them to agree knows something. Runs in Node.
 */
import type { Environment } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../base/edge-settings.ts';
import type { ViewerRequestEvent } from '../base/event.ts';
import { decodeState } from '../keys/state.ts';
import { type Claims, MAX_TOKEN } from '../token/claims.ts';
import { statusOf } from '../token/verdict.ts';
import { isPreflight, preflightAnswer, refusalAnswer } from './answers.ts';
import { type Deployment, type ProtectedStream, readDeployment } from './deployment.ts';
import { forwardedRequest } from './forward.ts';
import { type Located, locate } from './locate.ts';
import { checkRevocation } from './revocation.ts';
import { type Finding, Findings, passed, refused, skipped } from './steps.ts';
import type { Trace, World } from './trace.ts';
import { verifyToken } from './verify-token.ts';
import { quote } from './words.ts';

/** Checks one request as the edge of a deployment would. */
export type Verifier = (event: ViewerRequestEvent, world: World) => Trace;

/** Everything about one request while it is checked. */
interface Visit {
  deployment: Deployment;
  event: ViewerRequestEvent;
  world: World;
  findings: Findings;
  located: Located;
  mode: Trace['mode'];
  /** The stream whose policy counts; `undefined` for a path of no stream. */
  owner: ProtectedStream | undefined;
  claims: Claims | undefined;
}

/**
 * A verifier for the edge function that an environment gets with these options. It changes no event. Throws when a stream
 * names a policy that does not exist.
 */
export function createVerifier(environment: Environment, options: EdgeOptions): Verifier {
  const deployment = readDeployment(environment, options);
  return (event, world) => {
    const findings = new Findings();
    const located = locate({ deployment, request: event.request, findings });
    const owner = located.match?.streams[0];
    const visit: Visit = {
      deployment,
      event,
      world,
      findings,
      located,
      mode: findings.reason === '' ? (owner?.stream.mode ?? 'off') : 'enforce',
      owner,
      claims: undefined,
    };
    if (findings.reason === '' && visit.mode !== 'off') {
      if (isPreflight(event.request)) return answered(visit);
      checkRequest(visit);
    }
    return finished(visit);
  };
}

/** Steps 4 and 5: the method, and whether there is a token and of which form. */
function checkForm({ event, findings, located }: Visit): void {
  const { method } = event.request;
  if (method !== 'GET' && method !== 'HEAD') {
    findings.add('method', refused('method_not_allowed', 'Only GET and HEAD are answered, and preflights.'));
    return;
  }
  findings.add('method', passed(`The method is ${method}.`));
  findings.add('token_form', tokenForm(located));
}

function tokenForm({ isGiven, token }: Located): Finding {
  if (!isGiven) return refused('token_missing', 'There is no token where this stream reads it.');
  if (token === undefined) return refused('token_malformed', 'It is not [<session>.]<header>.<payload>.<signature>.');
  if (token.length > MAX_TOKEN) {
    return refused('token_malformed', `It has ${token.length} characters, and at most ${MAX_TOKEN} are read.`);
  }
  return passed(`Three parts${token.session === undefined ? '' : ' and a session'}, ${token.length} characters.`);
}

/**
 * Steps 4 to 10. The state is read for a request that is refused already, too: an operator's mode in it stands in for
 * the stream's own. While the state cannot be read the configured mode holds.
 */
function checkRequest(visit: Visit): void {
  const { deployment, event, world, findings, located } = visit;
  checkForm(visit);
  const state = world.state === undefined ? null : decodeState(world.state);
  const override = state?.override;
  if (override !== undefined && override.until > world.now) visit.mode = override.mode;
  const { token, match, path } = located;
  if (findings.reason !== '' || token === undefined || match === undefined) {
    findings.add('state', skipped(state === null ? 'There is no readable state.' : `The mode is ${visit.mode}.`));
    return;
  }
  const verified = verifyToken({ deployment, event, findings, token, match, path, state, now: world.now });
  visit.claims = verified.claims;
  visit.owner = verified.owner;
  if (findings.reason === '') findings.add('revocation', checkRevocation(token.session, world));
}

function common({
  findings,
  mode,
  owner,
  claims,
}: Visit): Pick<Trace, 'reason' | 'mode' | 'stream' | 'steps' | 'claims'> {
  return { reason: findings.reason, mode, stream: owner?.name, steps: findings.steps, claims };
}

function answered(visit: Visit): Trace {
  visit.findings.add('method', passed('A preflight is answered, and never forwarded.'));
  const response = preflightAnswer(visit.deployment, visit.event.request);
  return { ...common(visit), outcome: 'answered', status: response.statusCode, response };
}

/** Step 11, or the refusal. */
function finished(visit: Visit): Trace {
  const { deployment, event, findings, located, mode } = visit;
  const { reason } = findings;
  const { request } = event;
  if (reason !== '' && mode === 'enforce') {
    const response = refusalAnswer(reason, { deployment, request });
    return { ...common(visit), outcome: 'refused', status: statusOf(reason), response };
  }
  const owner = located.match?.streams[0];
  const forwarded = forwardedRequest(request, { deployment, path: located.path, owner });
  const why = reason === '' ? `The mode is ${mode}` : `The mode is ${mode}, else it would be refused`;
  findings.add('forward', passed(`${why}; ${quote(forwarded.uri)} is forwarded without a token.`));
  return { ...common(visit), outcome: 'forwarded', status: undefined, forwarded };
}
