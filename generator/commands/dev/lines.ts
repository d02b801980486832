/** Lines of verdicts, written some at once: a player asks in bursts, and a benchmark thousands of times a second. */
import pc from 'picocolors';
import type { Verdict } from '../../local/verdict.ts';

/** Milliseconds for which lines are gathered. */
const GATHER = 80;
/** Lines that may wait. A terminal that stands still, or a program that does not read on, must not fill the memory. */
const MAX_WAITING = 2_000;

export interface LinesOptions {
  /** Calls `taken` once the text has been taken. */
  write(text: string, taken: () => void): void;
  print(verdict: Verdict): string;
  /** Stands for lines that there was no room for. */
  leftOut(count: number): string;
}

export interface Lines {
  add(verdict: Verdict): void;
  /** Writes what is left. */
  flush(): void;
}

export function lines({ write, print, leftOut }: LinesOptions): Lines {
  let waiting: string[] = [];
  let missing = 0;
  let isTaken = true;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const text = waiting.join('') + (missing === 0 ? '' : leftOut(missing));
    waiting = [];
    missing = 0;
    isTaken = false;
    write(text, () => {
      isTaken = true;
      soon();
    });
  };
  const soon = (): void => {
    if (isTaken && waiting.length > 0) timer ??= setTimeout(flush, GATHER);
  };
  return {
    add(verdict) {
      if (waiting.length < MAX_WAITING) waiting.push(print(verdict));
      else missing += 1;
      soon();
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

/** In place of lines that there was no room for. */
export function leftOutText(count: number, color: boolean): string {
  return `${pc.createColors(color).dim(`${' '.repeat(10)}${count} more that are not shown`)}\n`;
}
