/** The schemas of requests and answers: what validates requests, and what the description of the API is made of. */
import type { JsonSchema } from './json-schema.ts';

const FILE = "^(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()+,=:@-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()+,=:@-]+)*$";

const NAME: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,30}$' };

/** Ids of assets; those of config.yaml are shorter. */
export const ASSET_ID: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,63}$', examples: ['trailer'] };
export const SESSION_ID: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{16,64}$',
  examples: ['Ab0_-xYzAb0_-xYzAb0_-x'],
};
/** Long enough that nobody guesses another's: an answer that is kept for a repetition is encrypted with it. */
export const IDEMPOTENCY_KEY: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{16,64}$',
  examples: ['5f0c6b0e-2c5d-4c55-9b0e-6a5d8a6f2f11'],
};
export const FORMAT: JsonSchema = { type: 'string', enum: ['hls', 'dash'] };

/** As `assets` in config.yaml; a test holds both together. */
export const ASSET: JsonSchema = {
  title: 'Asset',
  type: 'object',
  additionalProperties: false,
  required: ['stream', 'path'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200, description: 'Name for people.' },
    stream: { ...NAME, description: 'Name of the stream it belongs to.' },
    path: {
      type: 'string',
      maxLength: 200,
      pattern: "^/$|^/((?!\\.{1,2}/)[A-Za-z0-9._~!$&'()+,=:@-]+/)+$",
      description: 'Folder of the asset, inside a path of its stream; starts and ends with a slash.',
      examples: ['/vod/trailer/'],
    },
    playlists: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      description: 'What a player opens, relative to the folder. Without it: `index.m3u8` for HLS.',
      properties: {
        hls: { type: 'string', maxLength: 200, pattern: FILE, examples: ['index.m3u8'] },
        dash: { type: 'string', maxLength: 200, pattern: FILE, examples: ['manifest.mpd'] },
      },
    },
    policy: { ...NAME, description: "Name of the token policy; by default the stream's." },
    demo: { type: 'boolean', description: 'Whether the demo website may play it. Default: false.' },
  },
};

const VIEWER: JsonSchema = {
  title: 'Viewer',
  description:
    'The viewer, as far as the policy binds tokens to viewers: of the connection to you, not what a client says of itself.',
  type: 'object',
  additionalProperties: false,
  properties: {
    ip: {
      type: 'string',
      minLength: 2,
      maxLength: 45,
      description: 'IPv4 or IPv6 address.',
      examples: ['203.0.113.7'],
    },
    country: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1, if you know it.', examples: ['FR'] },
    region: { type: 'string', pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$', description: 'ISO 3166-2.', examples: ['FR-IDF'] },
    city: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'As CloudFront writes it.',
      examples: ['Paris'],
    },
    headers: {
      type: 'object',
      description: 'Request headers that the policy binds, names in lower case.',
      maxProperties: 32,
      propertyNames: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' },
      additionalProperties: { type: 'string', maxLength: 1024 },
      examples: [{ 'user-agent': 'Player/1.0' }],
    },
  },
};

const TTL: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 31_536_000,
  description: "Lifetime, seconds; default: the policy's.",
};
const DOMAINS: JsonSchema = {
  description: 'Delivery domains to give URLs for as well: names, or `all`.',
  anyOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', minItems: 1, maxItems: 100, items: NAME },
  ],
};

export const PLAYBACK_REQUEST: JsonSchema = {
  title: 'PlaybackRequest',
  type: 'object',
  additionalProperties: false,
  required: ['viewer'],
  properties: {
    viewer: VIEWER,
    policy: { ...NAME, description: "A stricter policy than the asset's." },
    subject: {
      type: 'string',
      pattern: '^[A-Za-z0-9._~@:+-]{1,128}$',
      description: 'Pseudonym of the viewer (`sub`), readable by everybody who sees the URL.',
      examples: ['u-81f2'],
    },
    ttl: TTL,
    domains: DOMAINS,
  },
};

export const REFRESH_REQUEST: JsonSchema = {
  title: 'RefreshRequest',
  type: 'object',
  additionalProperties: false,
  required: ['token', 'viewer'],
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 4096, description: 'The live token, its session in front.' },
    viewer: VIEWER,
    ttl: TTL,
    domains: DOMAINS,
  },
};

/** As `edgepass revoke --reason` takes it: it is printed on terminals, and nobody must find a token there. */
const ONE_LINE = '^(?![\\s\\S]*\\be[\\w-]{10,}\\.e[\\w-]{10,})[^\\p{Cc}\\p{Cs}]*$';

export const REVOCATION_REQUEST: JsonSchema = {
  title: 'RevocationRequest',
  type: 'object',
  additionalProperties: false,
  properties: {
    reason: {
      type: 'string',
      maxLength: 200,
      pattern: ONE_LINE,
      description: 'For operators: one line, without a token in it.',
      examples: ['shared with others'],
    },
    expires: {
      type: 'integer',
      minimum: 0,
      maximum: 9_999_999_999,
      description: 'Seconds since 1970; by default when no token of the session can be valid any more.',
    },
  },
};

const SECONDS: JsonSchema = { type: 'integer', description: 'Seconds since 1970.', examples: [1_800_000_000] };

const URLS: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What a player opens, by format.',
  properties: { hls: { type: 'string' }, dash: { type: 'string' } },
};

const NAMED_VALUE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'value'],
  properties: { name: { type: 'string' }, value: { type: 'string' } },
};

export const PLAYBACK: JsonSchema = {
  title: 'Playback',
  type: 'object',
  additionalProperties: false,
  required: ['asset', 'policy', 'expires', 'token', 'urls'],
  properties: {
    asset: ASSET_ID,
    policy: NAME,
    session: { ...SESSION_ID, description: 'There where the policy has sessions.' },
    expires: { ...SECONDS, description: 'Seconds since 1970; from then on the token is refused.' },
    token: { type: 'string', description: 'The token as it is carried, its session in front.' },
    urls: URLS,
    domains: {
      type: 'object',
      description: 'The same by name of the delivery domain, where it was asked for.',
      additionalProperties: URLS,
    },
    cookie: {
      ...NAMED_VALUE,
      description: 'To be set for the delivery domains, where the stream carries tokens in a cookie.',
    },
    header: {
      ...NAMED_VALUE,
      description: 'To be sent with every request, where the stream carries tokens in a header.',
    },
  },
};

export const REVOCATION: JsonSchema = {
  title: 'Revocation',
  type: 'object',
  additionalProperties: false,
  required: ['session', 'state'],
  properties: {
    session: SESSION_ID,
    state: { type: 'string', enum: ['revoked', 'lifted'] },
    expires: { ...SECONDS, description: 'Seconds since 1970; until then the session is refused.' },
  },
};

export const STORED_ASSET: JsonSchema = {
  ...ASSET,
  title: 'StoredAsset',
  required: ['id', 'stream', 'path', 'playlists', 'demo'],
  properties: { id: ASSET_ID, ...ASSET.properties },
};

export const ASSET_LIST: JsonSchema = {
  title: 'AssetList',
  type: 'object',
  additionalProperties: false,
  required: ['assets'],
  properties: {
    assets: { type: 'array', items: STORED_ASSET },
    next: { ...ASSET_ID, description: 'There where there are more: give it as `after`.' },
  },
};

/** What a viewer is told of an asset: nothing of where it is. */
export const OFFERED_ASSET: JsonSchema = {
  title: 'OfferedAsset',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'formats', 'policy', 'mode'],
  properties: {
    id: ASSET_ID,
    title: { type: 'string' },
    formats: { type: 'array', items: FORMAT },
    policy: { ...NAME, description: 'The policy of its tokens, if no stricter one is asked for.' },
    mode: {
      type: 'string',
      enum: ['enforce', 'report', 'off'],
      description: 'What the edge does with requests that it would refuse, by the configuration of the stream.',
    },
  },
};

export const OFFERED_LIST: JsonSchema = {
  ...ASSET_LIST,
  title: 'OfferedList',
  properties: { ...ASSET_LIST.properties, assets: { type: 'array', items: OFFERED_ASSET } },
};

const NAMES: JsonSchema = { type: 'array', items: { type: 'string' } };

export const POLICY_LIST: JsonSchema = {
  title: 'PolicyList',
  type: 'object',
  additionalProperties: false,
  required: ['policies'],
  properties: {
    policies: {
      type: 'array',
      items: {
        title: 'Policy',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'lifetime', 'session'],
        properties: {
          name: NAME,
          lifetime: { type: 'integer', description: 'Seconds.' },
          session: { type: 'boolean', description: 'Whether its tokens belong to a session, which can be revoked.' },
          countries: NAMES,
          regions: NAMES,
          cities: NAMES,
          bind: {
            type: 'object',
            additionalProperties: false,
            description: 'What its tokens are bound to.',
            properties: {
              ip: {
                type: 'object',
                additionalProperties: false,
                properties: { v4: { type: 'integer' }, v6: { type: 'integer' } },
              },
              headers: NAMES,
              query: NAMES,
            },
          },
        },
      },
    },
  },
};

export const PROBLEM: JsonSchema = {
  title: 'Problem',
  description: 'RFC 9457. `type` is stable and meant for programs.',
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', examples: ['/problems/asset-not-found'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    reason: { type: 'string', description: "The edge's or the issuer's word for it." },
    demands: { type: 'array', items: { type: 'string' }, description: 'What a policy does not give.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};
