/** What became of one request, for whoever watches. */
import { hasToken, malformedTokenLength, matchToken } from '../../runtime/token/token-text.ts';
import type { EdgeResult } from './engine.ts';

export interface Verdict {
  /** Milliseconds since 1970. */
  time: number;
  method: string;
  /** Without a token, and without the query. */
  path: string;
  status: number;
  /** `pass`; why it was refused; `report`: it would have been refused; `error`: the function or the origin failed. */
  verdict: 'pass' | 'refused' | 'report' | 'error' | 'answered';
  /** Reason of a refusal, or what went wrong. */
  reason?: string;
  /** Name of the stream, where the function says it. */
  stream?: string;
  /** Country that the viewer was said to be in, if it was not the usual one. */
  country?: string;
  /** Milliseconds until the answer began. */
  took: number;
}

/** A path as it may be shown: no token, no character that drives a terminal, not endless. */
export function shownPath(path: string): string {
  const token = matchToken(path);
  const taken = token ? (token[0] as string).length : malformedTokenLength(path);
  const rest = taken === 0 ? path : `/…${path.slice(taken)}`;
  // A second one, or one in the wrong place.
  if (hasToken(rest)) return '/…';
  const plain = rest.replace(/[^!-~…]/g, '?');
  return plain.length <= 120 ? plain : `${plain.slice(0, 119)}…`;
}

/** What the function said of a request in its log; nothing where logs are off. */
export function saidBy({ logs }: Pick<EdgeResult, 'logs'>): { reason?: string; stream?: string; mode?: string } {
  const [line] = logs;
  if (line === undefined) return {};
  try {
    const said = JSON.parse(line) as Record<string, unknown>;
    const texts = ['reason', 'stream', 'mode'].filter((name) => typeof said[name] === 'string');
    return Object.fromEntries(texts.map((name) => [name, said[name]])) as ReturnType<typeof saidBy>;
  } catch {
    return {};
  }
}
