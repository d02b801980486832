/**
 * Shaka Player, and what it asks the edge for. It is loaded when something is to be played: the page can be used before that.
 * Requests are made here and not by Shaka, for two reasons. They pass by the browser's cache, because what is shown is what
 * the edge says now. And a refusal is final: a second attempt gets the same answer.
 */
import type shaka from 'shaka-player/dist/shaka-player.compiled-es2021.js';

export interface PlayerEvents {
  /** The URL to ask for instead of the one in a playlist. */
  prepare(url: string): string;
  /** Headers that the request for a URL carries. */
  headers(url: string): Record<string, string>;
  onRequest(): void;
  /** A request was refused; the reason is the header of the answer and comes from nowhere else. */
  onRefused(refusal: { reason: string; status: number }): void;
  /** The browser does not begin by itself; `begin` is for the press of a button. */
  onHeld(begin: () => void): void;
  /** Playback failed for a reason that is none of the edge's. */
  onFailed(code: number): void;
}

export interface Player {
  play(url: string): Promise<void>;
  stop(): Promise<void>;
}

export const REASON_HEADER = 'x-edgepass-reason';

/** Little is kept before and behind: the sooner the next request, the sooner the viewer sees what the edge says. */
const SETTINGS = {
  streaming: { bufferingGoal: 6, rebufferingGoal: 1, bufferBehind: 2, evictionGoal: 1 },
  manifest: { retryParameters: { maxAttempts: 1 } },
};

export async function createPlayer(video: HTMLVideoElement, events: PlayerEvents): Promise<Player> {
  const { default: library } = await import('shaka-player/dist/shaka-player.compiled-es2021.js');
  library.polyfill.installAll();
  const { NetworkingEngine } = library.net;
  for (const scheme of ['http', 'https'])
    NetworkingEngine.registerScheme(scheme, request(library, events), NetworkingEngine.PluginPriority.APPLICATION);
  const player = new library.Player();
  await player.attach(video);
  player.configure(SETTINGS);
  player.addEventListener('error', (event) => failed((event as unknown as { detail: unknown }).detail));

  function failed(error: unknown): void {
    const { code = 0, category } = error as Partial<shaka.util.Error>;
    // A load that another one took the place of; and refusals, of which the request has told.
    if (code === library.util.Error.Code.LOAD_INTERRUPTED || code === library.util.Error.Code.OPERATION_ABORTED) return;
    if (code === library.util.Error.Code.BAD_HTTP_STATUS && category === library.util.Error.Category.NETWORK) return;
    events.onFailed(code);
  }

  async function begin(): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      // Else it was interrupted by a pause or a new load, or the media cannot be shown: of that Shaka tells.
      if (error instanceof DOMException && error.name === 'NotAllowedError') events.onHeld(() => void begin());
    }
  }

  return {
    async play(url) {
      try {
        await player.load(url);
      } catch (error) {
        failed(error);
        return;
      }
      await begin();
    },
    stop: () => player.unload(),
  };
}

type Library = typeof shaka;

/** Answers are told apart by status only: redirects are followed by the browser. */
function request(library: Library, events: PlayerEvents): shaka.extern.SchemePlugin {
  const { Error: Fault, AbortableOperation } = library.util;
  return (uri, originalRequest, type) => {
    // Media is only ever read, so there is no body.
    const { method, headers } = originalRequest;
    const controller = new AbortController();
    const { signal } = controller;
    const answer = async (): Promise<shaka.extern.Response> => {
      const asked = events.prepare(uri);
      events.onRequest();
      let response: Response;
      let data: ArrayBuffer;
      try {
        response = await fetch(asked, {
          method,
          headers: { ...headers, ...events.headers(asked) },
          signal,
          cache: 'no-store',
        });
        data = await response.arrayBuffer();
      } catch (error) {
        const code = signal.aborted ? Fault.Code.OPERATION_ABORTED : Fault.Code.HTTP_ERROR;
        throw new Fault(Fault.Severity.RECOVERABLE, Fault.Category.NETWORK, code, uri, error, type);
      }
      const told = Object.fromEntries(response.headers);
      if (response.ok)
        return { uri: asked, originalUri: uri, originalRequest, data, status: response.status, headers: told };
      events.onRefused({ reason: told[REASON_HEADER] ?? '', status: response.status });
      const { Severity, Category, Code } = Fault;
      throw new Fault(
        Severity.CRITICAL,
        Category.NETWORK,
        Code.BAD_HTTP_STATUS,
        uri,
        response.status,
        '',
        told,
        type,
        uri,
      );
    };
    return new AbortableOperation(answer(), async () => controller.abort());
  };
}
