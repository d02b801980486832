/** How a deployment is told: lines that are only ever added, for logs, and a display that is redrawn, for terminals. */
import pc from 'picocolors';
import type { Progress, ResourceStep, StackPhase } from '../aws/progress.ts';
import { frame, type StackView } from './progress-frame.ts';

export interface ShownProgress extends Progress {
  /** Leaves the last picture and stops redrawing. */
  end(): void;
}

export interface ProgressOptions {
  write(text: string): void;
  color: boolean;
  now(): Date;
  /** Width of a terminal; without it there is none. */
  columns?: number;
  /** Ids in deployment order. */
  stacks: readonly string[];
}

export function progressFor(options: ProgressOptions): ShownProgress {
  const { columns } = options;
  return columns === undefined ? lineProgress(options) : liveProgress({ ...options, columns });
}

/** `time stack resource status reason`, one a line, in the order of events. */
function lineProgress({ write, color, now }: ProgressOptions): ShownProgress {
  const paint = pc.createColors(color);
  const line = (at: Date, ...parts: string[]): void =>
    write(`${paint.dim(at.toISOString().slice(11, 19))}  ${parts.filter((part) => part !== '').join('  ')}\n`);
  return {
    phase: (stack, phase, note = '') => {
      if (phase !== 'waiting') line(now(), stack, phase, note);
    },
    step: (stack, { resource, type, status, reason = '', at }) =>
      line(at, stack, statusPaint(status, paint)(status), resource, paint.dim(type), clean(reason)),
    end: () => undefined,
  };
}

/** Milliseconds between pictures: the clock on them moves. */
const REDRAW = 250;

function liveProgress({ write, color, now, columns, stacks }: ProgressOptions & { columns: number }): ShownProgress {
  const views = new Map<string, StackView>(stacks.map((id) => [id, { id, phase: 'waiting', steps: new Map() }]));
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    const lines = frame([...views.values()], { now: now(), columns, color });
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    write(`${up}${lines.map((text) => `\u001b[2K${text}\n`).join('')}\u001b[0J`);
    drawn = lines.length;
  };
  const change = (id: string, how: (view: StackView) => void): void => {
    const view = views.get(id);
    if (view === undefined) return;
    how(view);
    timer ??= setInterval(draw, REDRAW).unref();
    draw();
  };
  return {
    phase: (id, phase, note) =>
      change(id, (view) => {
        view.phase = phase;
        view.note = note;
        if (phase === 'comparing' || phase === 'following') view.since ??= now();
        if (isEnd(phase)) view.until = now();
      }),
    step: (id, step) => change(id, (view) => keep(view.steps, step)),
    end: () => {
      clearInterval(timer);
      if (drawn > 0) draw();
    },
  };
}

function isEnd(phase: StackPhase): boolean {
  return ['done', 'unchanged', 'failed', 'not-started'].includes(phase);
}

function keep(steps: Map<string, ResourceStep>, step: ResourceStep): void {
  steps.delete(step.resource);
  steps.set(step.resource, step);
}

function statusPaint(status: string, paint: ReturnType<typeof pc.createColors>): (text: string) => string {
  if (/FAILED|ROLLBACK/.test(status)) return paint.red;
  return status.endsWith('COMPLETE') ? paint.green : paint.yellow;
}

function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
