/** One playback: its session, its tokens, and what has become of it. */
import type { Format, Playback } from './answers.ts';
import { type Life, lifeOf } from './lifetime.ts';
import { type Decoded, decodeToken, parameterOf, withNewest, withParameter } from './token-parts.ts';

export class Session {
  /** All tokens of the session, the newest last: URLs in playlists that were read earlier still have an old one. */
  readonly #tokens: string[] = [];
  #playback: Playback;
  #decoded: Decoded;
  #life: Life | undefined;
  isRevoked = false;

  /** `now` is the page's own clock (`performance.now`). Throws when the answer has no token that can be read. */
  constructor(playback: Playback, now: number) {
    this.#playback = playback;
    this.#tokens.push(playback.token);
    this.#decoded = decodeToken(playback.token);
    this.#life = lifeOf(this.#decoded.payload, now);
  }

  /** Takes the answer to a refresh: from now on its token goes with every request. */
  renew(playback: Playback, now: number): void {
    const decoded = decodeToken(playback.token);
    this.#playback = { ...this.#playback, ...playback };
    this.#tokens.push(playback.token);
    this.#decoded = decoded;
    this.#life = lifeOf(decoded.payload, now);
  }

  get id(): string | undefined {
    return this.#playback.session;
  }

  get token(): string {
    return this.#playback.token;
  }

  get decoded(): Decoded {
    return this.#decoded;
  }

  get life(): Life | undefined {
    return this.#life;
  }

  /** What a request for media carries beside its URL. */
  headers(url: string): Record<string, string> {
    const { header } = this.#playback;
    return header === undefined || !this.#isDelivery(url) ? {} : { [header.name]: header.value };
  }

  /** The format that is wanted, or the other one where that is all there is. */
  format(wanted: Format): Format {
    const other = wanted === 'hls' ? 'dash' : 'hls';
    return this.#playback.urls[wanted] === undefined ? other : wanted;
  }

  url(format: Format): string | undefined {
    return this.#playback.urls[format];
  }

  /** The cookie that carries the token, and the URL for whose host it is. */
  get cookie(): { name: string; value: string; url: string } | undefined {
    const { cookie, urls } = this.#playback;
    const url = urls.hls ?? urls.dash;
    return cookie === undefined || url === undefined ? undefined : { ...cookie, url };
  }

  /** A URL out of a playlist as it is asked for, with the newest token where this stream has it in the URL. */
  asked(url: string): string {
    if (!this.#isDelivery(url)) return url;
    const { token, urls } = this.#playback;
    const own = urls.hls ?? urls.dash;
    const name = own === undefined ? undefined : parameterOf(own, token);
    const newest = withNewest(url, this.#tokens);
    return name === undefined ? newest : withParameter(newest, { name, value: token });
  }

  /** Only the hosts of the playback's own URLs get a token: a playlist may name others, for example for advertisements. */
  #isDelivery(url: string): boolean {
    const { host } = new URL(url);
    return Object.values(this.#playback.urls).some((own) => new URL(own).host === host);
  }
}
