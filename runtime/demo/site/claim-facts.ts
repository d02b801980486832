/**
 * What the members of a token mean: the one source of the tables in `docs/integration/claims.md` (a test compares them) and of
 * what the page says beside a decoded token. Texts are Markdown.
 */

export interface ClaimFact {
  names: readonly string[];
  /** The row speaks for all names that have no row. */
  andOthers?: true;
  /** What its value has to be. */
  type: string;
  /** When it is in a token. */
  set: string;
  /** What it does, and what the edge refuses. */
  meaning: string;
}

export interface HeaderFact {
  name: string;
  value: string;
}

export const HEADER_FACTS: readonly HeaderFact[] = [
  { name: 'alg', value: 'exactly `HS256`' },
  { name: 'typ', value: 'absent or `JWT`' },
  { name: 'kid', value: 'the `kid` of the issuer record: 1–16 characters of `A-Z a-z 0-9 _ -`' },
  { name: 'crit', value: 'must be absent' },
];

export const CLAIM_FACTS: readonly ClaimFact[] = [
  {
    names: ['iat'],
    type: 'integer, seconds',
    set: 'always',
    meaning:
      'Issued at. Later than now + 120 → `token_not_yet_valid`; before the deployment\'s "void before" → `token_voided`',
  },
  {
    names: ['exp'],
    type: 'integer, seconds',
    set: 'always',
    meaning:
      "End. `exp ≤ now` → `token_expired`, without leeway. `iat ≥ exp` → `token_malformed`. `exp − iat` over the stream's `maxLifetime` (default: its policy's `lifetime`) → `policy_not_met`",
  },
  {
    names: ['nbf'],
    type: 'integer, seconds',
    set: 'optional',
    meaning: 'Not before. `nbf > now` → `token_not_yet_valid`, without leeway. The library does not set it',
  },
  {
    names: ['aud'],
    type: 'string or array',
    set: 'always',
    meaning: '`<project>/<environment>`, or an array that holds it; else `audience_mismatch`',
  },
  {
    names: ['paths'],
    type: 'array of prefixes',
    set: 'always',
    meaning:
      'What the token opens; each prefix starts and ends with `/`. The path must start with one of them, and that prefix must lie inside the stream; else `path_not_allowed`',
  },
  {
    names: ['exc'],
    type: 'array of prefixes',
    set: 'optional',
    meaning:
      "Prefixes out of the stream's `exclude` at which binding and geography are skipped. One that the stream does not exclude → `policy_not_met`; one that equals or contains a prefix of `paths` → `token_malformed`",
  },
  {
    names: ['ssn'],
    type: 'string, 16–64 of `A-Z a-z 0-9 _ -`',
    set: 'when the policy has `session: true`',
    meaning:
      'Session. Must equal the part in front of the token, else `token_malformed`. Missing where the policy demands one → `policy_not_met`; revoked → `session_revoked`',
  },
  {
    names: ['co'],
    type: 'array of strings',
    set: 'when the policy lists countries',
    meaning:
      'Allowed countries, `["FR","BE"]`. Must be the policy\'s or fewer (`policy_not_met`); a viewer elsewhere gets `geo_not_allowed`',
  },
  {
    names: ['reg'],
    type: 'array of strings',
    set: 'when it lists regions',
    meaning: 'Allowed regions, `["US-CA"]`: country and region headers together',
  },
  {
    names: ['cty'],
    type: 'array of strings',
    set: 'when it lists cities',
    meaning:
      'Allowed cities as CloudFront writes them: what is not ASCII is [percent-encoded](policies.md#geo-fence); needs `co`, else `token_malformed`',
  },
  {
    names: ['co_fallback', 'reg_fallback', 'cty_fallback'],
    type: 'boolean',
    set: "as the policy's `fallback` says",
    meaning:
      '`true` lets a request pass this one check when CloudFront sent no such header. Not allowed by the policy → `policy_not_met`',
  },
  {
    names: ['ip'],
    type: 'integer',
    set: 'when the policy binds the network',
    meaning:
      "Prefix length that is bound: 16–32 for IPv4, 32–128 for IPv6. Shorter than the policy's, or of a family it does not state → `policy_not_met`. The address itself is in no claim",
  },
  {
    names: ['ip_ver'],
    type: '`4` or `6`',
    set: 'together with `ip`',
    meaning: 'Family of the bound address',
  },
  {
    names: ['headers'],
    type: 'array of strings, lower case',
    set: 'when the policy binds headers',
    meaning: "Bound request headers; all of the policy's must be among them (`policy_not_met`)",
  },
  {
    names: ['qs'],
    type: 'array of strings',
    set: 'when the policy binds query parameters',
    meaning: 'Bound query parameters; likewise',
  },
  {
    names: ['intsig'],
    type: 'string, base64url',
    set: 'exactly when something is bound',
    meaning:
      'MAC over the [bound attributes](#binding). Missing, or there without need → `token_malformed`; another value → `binding_mismatch`',
  },
  {
    names: ['ctx'],
    type: 'string',
    set: 'optional',
    meaning:
      'A text for the issuer itself; the token API keeps there when the session began, the asset and the policy. Ignored by the edge',
  },
  {
    names: ['sub', 'jti'],
    andOthers: true,
    type: 'any',
    set: 'optional',
    meaning:
      'Ignored by the edge. Everybody who sees the URL can read them: [use pseudonyms](privacy.md#identifiers-in-tokens)',
  },
];

/** What is known of a claim; of one without a row, what holds for all others. */
export function claimFact(name: string): ClaimFact | undefined {
  return CLAIM_FACTS.find(({ names }) => names.includes(name)) ?? CLAIM_FACTS.find(({ andOthers }) => andOthers);
}
