/** What to do about a refusal, by its reason. */
import type { Reason } from '../../../runtime/token/verdict.ts';
import type { AskedRequest } from './edge-event.ts';

const HINTS: Readonly<Record<Reason, string>> = {
  path_not_canonical:
    'Players and packagers must use the one spelling: no `.`, `..` or empty segment, escapes in capitals and only where needed.',
  query_not_canonical:
    'Names of query parameters have letters, digits, `_`, `.`, `~` and `-` only; `;` is not allowed.',
  token_missing:
    'Open the URL that `edgepass token create` or your issuer gives. The token is read only where the stream carries it (`carriage`).',
  token_malformed: 'See what is wrong with it: `edgepass token decode <url>`. Was the URL copied as a whole?',
  signature_invalid:
    'The token was changed, or signed with another key of that id: compare the issuer record with this key.',
  key_unknown:
    'The token names a key that the edge does not have: another deployment, a key that is gone, or a header the edge does not read. `edgepass token decode <url>` shows it.',
  token_expired: 'Issue a new token. Where viewers watch for longer, raise `lifetime` of the policy or refresh tokens.',
  token_not_yet_valid: 'See `iat` and `nbf` with `edgepass token decode <url>`: is the clock of the issuer right?',
  audience_mismatch: 'The token is for another deployment: issue it for this project and environment.',
  path_not_allowed: 'The path is in no stream of this host, or in none of the folders that the token opens (`paths`).',
  policy_not_met:
    "The token gives less than the stream's policy demands: issue it with that policy, and see `edgepass explain policies.<policy>`.",
  binding_mismatch:
    'The viewer differs from the one the token was issued to: address, header or query parameter. Describe the request with `--ip` and `--header`.',
  method_not_allowed: 'Streams take GET and HEAD; OPTIONS only as a preflight.',
  session_revoked: 'The session was revoked: only a new one plays again.',
  token_voided: 'All tokens from before that time were voided: issue a new one.',
  geo_not_allowed:
    'The viewer is in none of the places the token allows. Say where the viewer is with `--country`, `--region`, `--city`.',
  state_unavailable: 'The edge found no keys: is there an edge state, and of this version?',
};

/** What the description of the request leaves open is the first thing to look at. */
export function hintFor(reason: Reason, { ip, country, headers }: AskedRequest): string {
  if (reason === 'binding_mismatch' && ip === undefined)
    return "The request has no address: give the viewer's with `--ip`, and the headers that are bound with `--header`.";
  const located = country !== undefined || headers.some(([name]) => name.startsWith('cloudfront-viewer-'));
  if (reason === 'geo_not_allowed' && !located)
    return 'The request says nothing about the place of the viewer: give it with `--country`.';
  return HINTS[reason];
}
