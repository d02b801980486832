/** Shapes of what an issuer is asked and what it gives. */

/** The viewer, as far as policies bind tokens to viewers. */
export interface Viewer {
  /** Address from which the viewer will play, IPv4 or IPv6: that of the connection, not a header anybody can write. */
  ip?: string | undefined;
  /**
   * Request headers, names in lower case (`request.headers` of Node fits), values as the viewer sends them. Text beyond ASCII
   * as characters: Node gives the bytes of a header as Latin-1, to be read with `Buffer.from(value, 'latin1').toString()`.
   */
  headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** Where the viewer is, if it is known here: `FR`, `FR-IDF`, `Paris`. Nothing of it gets into the token. */
  country?: string | null | undefined;
  region?: string | null | undefined;
  city?: string | null | undefined;
}

export interface IssueRequest {
  /** Name of the policy. */
  policy: string;
  /** Absolute playback URL without a token, canonical. Bound query parameters are read from it. */
  url: string;
  viewer?: Viewer;
  /** An id of the CMS's own, 16–64 of `A-Za-z0-9_-`; else one is made where the policy demands a session. */
  session?: string;
  /** Lifetime, seconds; default: the policy's. At most the stream's `maxLifetime`. */
  ttl?: number;
  /** Folders the token opens, each starting and ending with `/`; default: the folder of the URL. All in one stream. */
  paths?: readonly string[];
  /** Excluded prefixes the token names; default: all of the stream's. */
  exclude?: readonly string[];
  /** Places, where they are to be fewer than the policy's. */
  geography?: { countries?: readonly string[]; regions?: readonly string[]; cities?: readonly string[] };
  /** `sub`: a pseudonym for whoever reads tokens later. Readable by everybody who sees the URL. */
  subject?: string;
  /**
   * `ctx`: a text for whoever issued the token and sees it again, such as when the session began. The edge ignores it. At most
   * 200 printable characters of ASCII, without quotation mark and backslash.
   */
  context?: string;
  /** Delivery domains, by name, to give URLs for as well; `'all'`: those that serve the stream. */
  domains?: readonly string[] | 'all';
}

export interface Issued {
  /** What the player opens. With `cookie` or `header` the URL as it was given. */
  url: string;
  /** The token as it is carried, its session part in front. */
  token: string;
  session?: string;
  /** Seconds since 1970; from then on the token is refused. */
  expires: number;
  /** Where the stream carries its token in a cookie: to be set for the delivery domains. */
  cookie?: { name: string; value: string };
  /** Where the stream carries its token in a header: to be sent with every request. */
  header?: { name: string; value: string };
  /** By name of the delivery domain; there when `domains` was asked. */
  urls?: Record<string, string>;
}
