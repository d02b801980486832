/** How something that takes its time is told: one line that is redrawn at a terminal, lines that are only added elsewhere. */
import pc from 'picocolors';
import { duration } from './time-text.ts';

export interface RunningOptions {
  write(text: string): void;
  color: boolean;
  now(): Date;
  /** Width of a terminal; without it there is none. */
  columns?: number;
  /** What is going on, e.g. `keys rotate`. */
  what: string;
}

export interface Running {
  /** Called again and again; `note` says how far it is. */
  tell(note?: string): void;
  /** Ends the line, or adds the last one. */
  end(note: string): void;
}

/** Milliseconds between lines where lines are only added. */
const SELDOM = 30_000;

export function running({ write, color, now, columns, what }: RunningOptions): Running {
  const paint = pc.createColors(color);
  const start = now().getTime();
  const text = (note: string | undefined): string => {
    const seconds = (now().getTime() - start) / 1000;
    return `${what}  ${[note, duration(seconds)].filter(Boolean).join('  ')}`;
  };
  if (columns === undefined) return added({ write, now, what, stamp: paint.dim });
  const draw = (line: string): void => write(`\r\u001b[2K${line.slice(0, columns - 1)}`);
  let drawn = false;
  return {
    tell: (note) => {
      drawn = true;
      draw(text(note));
    },
    end: (note) => {
      if (drawn) write('\r\u001b[2K');
      write(`${text(note)}\n`);
    },
  };
}

function added({
  write,
  now,
  what,
  stamp,
}: Pick<RunningOptions, 'write' | 'now' | 'what'> & { stamp(text: string): string }): Running {
  let last: number | undefined;
  const line = (note: string): void => {
    last = now().getTime();
    write(`${stamp(new Date(last).toISOString().slice(11, 19))}  ${what}  ${note}\n`);
  };
  return {
    tell: (note = 'running') => {
      if (last === undefined || now().getTime() - last >= SELDOM) line(note);
    },
    end: line,
  };
}
