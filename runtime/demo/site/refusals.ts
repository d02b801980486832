/** What a viewer is told when the edge refuses, for each of its reasons. */
import type { Reason } from '../../token/verdict.ts';

export interface Message {
  title: string;
  text: string;
}

const MESSAGES: Readonly<Record<Reason, Message>> = {
  path_not_canonical: {
    title: 'This address is not well-formed',
    text: 'The path can be written in more than one way, and the edge repairs no path. The fault is in the name of a file.',
  },
  query_not_canonical: {
    title: 'This address is not well-formed',
    text: 'A parameter in the query has a name that can be read in more than one way.',
  },
  token_missing: {
    title: 'There is no token',
    text: 'The request came without a token. Copy the whole URL, or start a new session.',
  },
  token_malformed: {
    title: 'The token cannot be read',
    text: 'Something in it was cut off or changed. Start a new session to get a whole one.',
  },
  signature_invalid: {
    title: 'The token was tampered with',
    text: 'Its signature does not fit its content. Only the issuer can make one that does.',
  },
  key_unknown: {
    title: 'The key of this token is gone',
    text: 'The edge does not know the key it was signed with. Start a new session.',
  },
  token_expired: {
    title: 'The token has expired',
    text: 'Its time was over before it was refreshed. Start a new session; next time refresh it while it lives.',
  },
  token_not_yet_valid: {
    title: 'The token is not valid yet',
    text: 'By the clock of the edge it begins in the future. Try again in some seconds.',
  },
  audience_mismatch: {
    title: 'The token is for another deployment',
    text: 'It was issued for another project or environment.',
  },
  path_not_allowed: {
    title: 'The token does not open this path',
    text: 'It is good for other content than was asked for.',
  },
  policy_not_met: {
    title: 'The token allows more than the policy',
    text: 'It lacks something that the policy of the stream demands, or lives too long. Start a new session.',
  },
  binding_mismatch: {
    title: 'This is not the device or network it was issued for',
    text: 'The token is bound to a network, a browser or both, and the request came from another. A copied URL ends like this.',
  },
  method_not_allowed: {
    title: 'The edge only answers reading requests',
    text: 'The request was neither GET nor HEAD.',
  },
  session_revoked: {
    title: 'This session was revoked',
    text: 'Somebody ended it, and it stays ended: its token is refused, and it cannot be refreshed. A new session plays.',
  },
  token_voided: {
    title: 'All earlier tokens were voided',
    text: 'An operator refuses every token from before a certain time. Start a new session.',
  },
  geo_not_allowed: {
    title: 'Not available in this country',
    text: 'The token allows some places only, and the request came from another.',
  },
  state_unavailable: {
    title: 'The edge cannot check tokens right now',
    text: 'It could not read its keys or the revoked sessions, and lets nobody pass unchecked. Try again in some seconds.',
  },
};

/** `reason` is the header of the refusal, empty where the deployment does not expose it. */
export function messageFor(reason: string, status: number): Message {
  if (Object.hasOwn(MESSAGES, reason)) return MESSAGES[reason as Reason];
  // No refusal of the edge: what it let through did not get an answer.
  if (status === 404 || (status >= 500 && status !== 503))
    return { title: 'The content is not there', text: `The edge let the request pass; the origin answers ${status}.` };
  return {
    title: 'The edge refuses this request',
    text: `It answers ${status} and does not say why. This deployment may be set not to expose its reasons.`,
  };
}
