/** Lines of verdicts, written some at once: a player asks in bursts, and a benchmark thousands of times a second. */
import pc from 'picocolors';
import type { Verdict } from '../../local/verdict.ts';

/** Milliseconds for which lines are gathered. */
const GATHER = 80;

export interface Lines {
  add(verdict: Verdict): void;
  /** Writes what is left. */
  flush(): void;
}

export function lines(write: (text: string) => void, print: (verdict: Verdict) => string): Lines {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) write(waiting.join(''));
    waiting = [];
  };
  return {
    add(verdict) {
      waiting.push(print(verdict));
      timer ??= setTimeout(flush, GATHER);
    },
    flush,
  };
}

/** `21:03:09  200  GET /…/vod/film/audio/3.m4s  pass`. */
export function verdictText(verdict: Verdict, color: boolean): string {
  const c = pc.createColors(color);
  const { time, method, path, status, reason, stream, country, took } = verdict;
  const paint = { pass: c.green, refused: c.red, report: c.yellow, error: c.magenta, answered: c.cyan }[
    verdict.verdict
  ];
  const clock = new Date(time).toTimeString().slice(0, 8);
  const word = verdict.verdict === 'report' ? 'pass, would refuse' : verdict.verdict;
  const why = reason === undefined ? word : `${word}: ${reason}`;
  const notes = [stream && `stream ${stream}`, country && `from ${country}`, `${took.toFixed(1)} ms`]
    .filter(Boolean)
    .join(', ');
  return `${c.dim(clock)}  ${paint(`${status}  ${why}`)}  ${method} ${path}  ${c.dim(notes)}\n`;
}
