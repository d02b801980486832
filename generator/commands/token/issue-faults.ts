/** Refusals of the issuing library as diagnostics: what to do about each. */
import type { IssueError, IssueErrorCode } from '../../../runtime/issuer/index.ts';
import type { DiagnosticCode } from '../../report/codes.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';

const RECORD = 'Read the issuer record again from Secrets Manager; for trials `edgepass token key` makes a new one.';
const VIEWER = 'Describe the viewer as the edge will see it: `--ip`, `--header`.';
const NARROW = 'Name folders of this stream with `--path`, each starting and ending with `/`.';

/** Every code, so that a new one cannot be forgotten. */
const FAULTS: Readonly<Record<IssueErrorCode, readonly [DiagnosticCode, hint: string]>> = {
  url_invalid: ['EP6011', 'Give the whole URL: https://<host>/<path>.'],
  url_too_long: ['EP6011', 'Use shorter paths, or another carriage than `path`.'],
  url_holds_token: ['EP6011', 'Give the URL as it is without a token.'],
  path_not_canonical: [
    'EP6011',
    'The edge repairs no path: no `.` or `..`, no empty segment, escapes in capitals and only where needed.',
  ],
  query_not_canonical: ['EP6011', 'Names of parameters have letters, digits, `_`, `.`, `~` and `-` only.'],
  host_not_allowed: ['EP6011', 'Use a host of `domains` in config.yaml; `--domains` takes their names.'],
  path_outside_stream: ['EP6011', 'See `paths` of the streams in config.yaml: the URL must lie in one of them.'],
  path_not_covered: ['EP6011', 'Name the folder of the URL with `--path` as well.'],
  prefix_invalid: ['EP6011', NARROW],
  exclude_not_allowed: ['EP6011', 'The stream must list the prefix in `exclude`.'],
  exclude_covers_path: ['EP6011', 'Name a folder with `--path` that is not below an `exclude` prefix of the stream.'],
  policy_unknown: ['EP6012', 'See `policies` in config.yaml.'],
  policy_not_met: ['EP6012', "Use the stream's own policy: leave `--policy` out."],
  lifetime_invalid: ['EP6012', 'Write `--ttl` like 2h.'],
  lifetime_too_long: ['EP6012', 'Shorten `--ttl`, or raise `maxLifetime` of the stream in config.yaml.'],
  session_invalid: ['EP6012', 'Leave `--session` out to have one made.'],
  session_revoked: ['EP6012', 'Use another session.'],
  geography_not_allowed: ['EP6012', 'See the places of the policy in config.yaml.'],
  geo_not_allowed: ['EP6012', 'The edge would refuse this viewer too: see the places of the policy in config.yaml.'],
  token_too_long: ['EP6012', 'Use fewer or shorter `--path`.'],
  request_invalid: ['EP6012', 'See `edgepass token create --help`.'],
  revocation_unknown: ['EP6012', 'Try again.'],
  configuration_invalid: ['EP6012', 'Run `edgepass validate`.'],
  attribute_missing: ['EP6013', VIEWER],
  attribute_too_long: ['EP6013', VIEWER],
  attribute_repeated: ['EP6013', 'Give it once: the edge refuses a repeated one.'],
  attribute_invalid: ['EP6013', VIEWER],
  family_not_allowed: ['EP6013', 'State a width for that family in `bind.ip` of the policy, or use another address.'],
  audience_mismatch: ['EP6003', 'Name the environment of the key with `--env`.'],
  sdk_missing: ['EP6014', RECORD],
  key_unavailable: ['EP6014', RECORD],
  key_record_invalid: ['EP6014', RECORD],
  key_not_yet_valid: ['EP6014', 'Wait until `signFrom`: before that an edge location may not know the key.'],
  key_expired: ['EP6014', RECORD],
};

export function issueFault({ code: word, message }: IssueError): Diagnostic {
  const [code, hint] = FAULTS[word];
  return { code, severity: 'error', message: `${message} (${word})`, hint };
}
