/** The page: what happens when a button is pressed or the edge refuses. */
import type { Reason } from '../../token/verdict.ts';
import type { Asset, Format, Playback } from './answers.ts';
import type { Api } from './api.ts';
import { box, button, byId, say } from './dom.ts';
import type { Player } from './player.ts';
import { problemText } from './problem-text.ts';
import { messageFor } from './refusals.ts';
import { Session } from './session.ts';
import { fromCountry } from './token-parts.ts';
import { chosen, countryName, onSwitch } from './view-choice.ts';
import { drawCode, wireCode } from './view-code.ts';
import {
  allow,
  drawCurtain,
  enable,
  liftCurtain,
  showLife,
  showPlayer,
  showRequests,
  status,
  told,
} from './view-player.ts';
import { showToken, showUrl } from './view-token.ts';

const REVOKED: Reason = 'session_revoked';

export class App {
  readonly #api: Api;
  readonly #assets: readonly Asset[];
  /** What the session is for. */
  #asset: Asset | undefined;
  /** What plays, whatever is chosen for the next session meanwhile. */
  #format: Format = 'hls';
  readonly #video = byId('video', HTMLVideoElement);
  #player: Promise<Player> | undefined;
  #session: Session | undefined;
  #requests = 0;
  /** Counts loads: what is told about an earlier one is no longer of interest. */
  #load = 0;
  #hasEnded = true;

  constructor(api: Api, assets: readonly Asset[]) {
    this.#api = api;
    this.#assets = assets;
  }

  /** Makes the page usable. */
  wire(): void {
    byId('choice', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.start();
    });
    button('refresh').addEventListener('click', () => void this.refresh());
    button('revoke').addEventListener('click', () => void this.revoke());
    button('copy').addEventListener('click', () => void this.#copy());
    wireCode(() => this.#url());
    onSwitch((what) => void this.#switched(what));
    this.#video.addEventListener('playing', () => {
      if (this.#hasEnded) return;
      liftCurtain();
      status(`Playing: ${this.#asset?.title ?? this.#asset?.id} · ${this.#format.toUpperCase()}`);
    });
    this.#video.addEventListener('waiting', () => {
      if (!this.#hasEnded) status('Waiting for media');
    });
    setInterval(() => showLife(this.#session, performance.now()), 1000);
    this.#allow();
  }

  /** Asks for a new session and plays it. */
  async start(): Promise<void> {
    const { asset, policy, format } = chosen();
    await this.#stop();
    enable('start', false);
    showPlayer();
    status('Asking the API for a playback URL');
    told('');
    const answer = await this.#api({
      method: 'POST',
      path: `/playback/${encodeURIComponent(asset)}`,
      query: { policy },
    });
    if (answer.status === 201) {
      this.#asset = this.#assets.find(({ id }) => id === asset);
      this.#session = new Session(answer.body as Playback, performance.now());
      this.#format = this.#session.format(format);
      this.#setCookie();
      say(button('start'), 'Start a new session');
      this.#showSession();
      await this.#play();
    } else {
      status('Not playing');
      drawCurtain({ title: 'The API issues no token', text: problemText(answer) });
    }
    this.#allow();
  }

  /** Another token for the same session. What plays is not touched: later requests take the new one. */
  async refresh(): Promise<void> {
    const session = this.#session;
    if (session?.id === undefined) return;
    const answer = await this.#api({
      method: 'POST',
      path: `/sessions/${session.id}/refresh`,
      headers: { 'x-edgepass-token': session.token },
    });
    if (session !== this.#session) return;
    if (answer.status !== 200) {
      told(`Not refreshed. ${problemText(answer)}`);
      return;
    }
    session.renew(answer.body as Playback, performance.now());
    this.#setCookie();
    this.#showSession();
    told(
      this.#hasEnded
        ? 'Refreshed. Playback has ended; when it is tried again, every request carries the new token.'
        : 'Refreshed. From now on every request carries the new token; playback goes on.',
    );
  }

  /** A page can set cookies of its own host only: the local edge is that, a delivery domain is not. */
  #setCookie(): void {
    const cookie = this.#session?.cookie;
    if (cookie === undefined) return;
    if (new URL(cookie.url, location.href).host === location.host)
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
      document.cookie = `${cookie.name}=${cookie.value}; path=/; samesite=strict`;
    else
      told('This stream carries its token in a cookie, which only the delivery domain can set: it does not play here.');
  }

  async revoke(): Promise<void> {
    const session = this.#session;
    if (session?.id === undefined) return;
    const answer = await this.#api({
      method: 'POST',
      path: `/sessions/${session.id}/revocation`,
      headers: { 'x-edgepass-token': session.token },
    });
    if (session !== this.#session) return;
    const isDone = answer.status === 200;
    // A call that failed says nothing: the edge may have refused the session meanwhile.
    if (isDone) session.isRevoked = true;
    showLife(session, performance.now());
    told(
      isDone
        ? `Revoked. Once the edge knows, within seconds, it ${this.#consequence()}.`
        : `Not revoked. ${problemText(answer)}`,
    );
    this.#allow();
  }

  #consequence(): string {
    const { mode = 'enforce' } = this.#asset ?? {};
    if (mode === 'enforce') return 'refuses the next request and playback ends';
    return mode === 'report'
      ? 'logs that it would refuse; playback goes on'
      : 'would refuse; its check is off, and playback goes on';
  }

  /** Plays the current URL; whether it may is for the edge to say. */
  async #play(): Promise<void> {
    const url = this.#url();
    if (this.#session === undefined || url === undefined) return;
    this.#allow();
    this.#load += 1;
    this.#hasEnded = false;
    status('Loading');
    drawCurtain({ title: 'Loading', text: 'The player asks the edge for the first playlist.' });
    const load = this.#load;
    try {
      const player = await this.#loadPlayer();
      if (load === this.#load) await player.play(url);
    } catch {
      if (load === this.#load) this.#notLoaded();
    }
  }

  /** The network failed; or a later deployment took the player's file away, then only loading the page anew helps. */
  #notLoaded(): void {
    this.#hasEnded = true;
    status('Ended: the player could not be loaded');
    drawCurtain({
      title: 'The player could not be loaded',
      text: 'Its file did not come. The session is still there; where trying again does not help, load the page again.',
      actions: [{ label: 'Try again', isPrimary: true, act: () => void this.#play() }],
    });
  }

  /** Browsers may want a press of a button before they play. */
  #held(begin: () => void): void {
    if (this.#hasEnded) return;
    status('Ready to play');
    drawCurtain({
      title: 'Ready to play',
      text: 'This browser plays only when it is asked to.',
      actions: [{ label: 'Play', isPrimary: true, act: begin }],
    });
  }

  /** What was revoked may have been taken back. */
  #playAgain(): void {
    if (this.#session !== undefined) this.#session.isRevoked = false;
    void this.#play();
  }

  async #stop(): Promise<void> {
    this.#hasEnded = true;
    this.#load += 1;
    await (await this.#player?.catch(() => undefined))?.stop();
  }

  #loadPlayer(): Promise<Player> {
    this.#player ??= import('./player.ts').then(({ createPlayer }) =>
      createPlayer(this.#video, {
        prepare: (url) => fromCountry(this.#session?.asked(url) ?? url, chosen().country),
        headers: (url) => this.#session?.headers(url) ?? {},
        onRequest: () => {
          this.#requests += 1;
          showRequests(this.#requests);
        },
        onRefused: (refusal) => this.#refused(refusal),
        onHeld: (begin) => this.#held(begin),
        onFailed: (code) => this.#failed(code),
      }),
    );
    // A player that could not be loaded is asked for again.
    this.#player.catch(() => {
      this.#player = undefined;
    });
    return this.#player;
  }

  #refused({ reason, status: code }: { reason: string; status: number }): void {
    if (this.#hasEnded) return;
    void this.#stop();
    // An operator may have revoked it.
    if (reason === REVOKED && this.#session !== undefined) this.#session.isRevoked = true;
    showLife(this.#session, performance.now());
    const { title, text } = messageFor(reason, code);
    const answered = reason === '' ? String(code) : `${code} ${reason}`;
    told('');
    status(`Ended: ${title}`);
    drawCurtain({
      title,
      text,
      reason: answered,
      actions: [
        { label: 'Start a new session', isPrimary: true, act: () => void this.start() },
        { label: 'Try this URL again', act: () => this.#playAgain() },
      ],
    });
    this.#allow();
  }

  #failed(code: number): void {
    if (this.#hasEnded) return;
    void this.#stop();
    status('Ended: playback failed');
    drawCurtain({
      title: 'Playback failed',
      text: 'It was not the edge that refused: the media could not be loaded or shown.',
      reason: `Shaka Player ${code}`,
      actions: [{ label: 'Try again', isPrimary: true, act: () => void this.#play() }],
    });
  }

  async #switched(what: 'format' | 'country'): Promise<void> {
    const { country, format } = chosen();
    if (what === 'country')
      told(country === '' ? 'Back where you are.' : `The next requests come from ${countryName(country)}.`);
    if (this.#session === undefined) return;
    const before = this.#format;
    if (what === 'format') this.#format = this.#session.format(format);
    this.#showSession();
    if (this.#format !== before && !this.#hasEnded) await this.#play();
  }

  #showSession(): void {
    say(box('copied'), '');
    const [session, url] = [this.#session, this.#url()];
    if (session === undefined || url === undefined) return;
    showUrl(url, session.token);
    showToken(session.decoded);
    showLife(session, performance.now());
    drawCode(url);
  }

  #url(): string | undefined {
    const { country } = chosen();
    const url = this.#session?.url(this.#format);
    return url === undefined ? undefined : fromCountry(new URL(url, location.href).href, country);
  }

  #allow(): void {
    const id = this.#session?.id;
    allow({ start: true, session: id !== undefined, revoke: id !== undefined && this.#session?.isRevoked === false });
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#url() ?? '');
      say(box('copied'), 'Copied.');
    } catch {
      say(box('copied'), 'The browser does not let the page copy. Select the URL instead.');
    }
  }
}
