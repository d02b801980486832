/** One picture of a running deployment. Pure: what is known in, lines out. */
import pc from 'picocolors';
import type { ResourceStep, StackPhase } from '../aws/progress.ts';

export interface StackView {
  id: string;
  phase: StackPhase;
  note?: string | undefined;
  since?: Date;
  until?: Date;
  /** Last step of each resource, the newest last. */
  steps: Map<string, ResourceStep>;
}

/** Resources shown below a stack at once. */
const MAX_RESOURCES = 5;

/** No line is wider than the terminal: one that wraps would spoil the redrawing. */
export function frame(
  views: readonly StackView[],
  { now, columns, color }: { now: Date; columns: number; color: boolean },
): string[] {
  const paint = pc.createColors(color);
  const width = Math.max(...views.map(({ id }) => id.length), 1);
  const cut = (text: string): string => (text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`);
  return views.flatMap((view) => {
    const head = cut(`${MARKS[view.phase]} ${view.id.padEnd(width)}  ${elapsed(view, now)}  ${words(view)}`);
    return [PAINTS[view.phase](paint)(head), ...current(view).map((step) => paint.dim(cut(`    ${stepText(step)}`)))];
  });
}

const MARKS: Readonly<Record<StackPhase, string>> = {
  waiting: '·',
  comparing: '?',
  following: '…',
  changing: '▸',
  done: '✔',
  unchanged: '=',
  failed: '✖',
  'not-started': '·',
};

type Paint = ReturnType<typeof pc.createColors>;

const PAINTS: Readonly<Record<StackPhase, (paint: Paint) => (text: string) => string>> = {
  waiting: ({ dim }) => dim,
  comparing: ({ cyan }) => cyan,
  following: ({ yellow }) => yellow,
  changing: ({ yellow }) => yellow,
  done: ({ green }) => green,
  unchanged: ({ dim }) => dim,
  failed: ({ red }) => red,
  'not-started': ({ dim }) => dim,
};

function words({ phase, note, steps }: StackView): string {
  const done = [...steps.values()].filter(({ status }) => status.endsWith('_COMPLETE')).length;
  const count = steps.size === 0 ? '' : `  ${done}/${steps.size}`;
  return `${phase === 'not-started' ? 'not started' : (note ?? phase)}${count}`;
}

/** `m:ss` */
function elapsed({ since, until }: StackView, now: Date): string {
  if (since === undefined) return '    ';
  const seconds = Math.max(0, Math.round(((until ?? now).getTime() - since.getTime()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What is being made, and what failed; nothing once the stack is done. */
function current({ phase, steps }: StackView): ResourceStep[] {
  if (phase === 'done' || phase === 'unchanged') return [];
  const open = [...steps.values()].filter(({ status }) => /IN_PROGRESS$|FAILED$/.test(status));
  return open.slice(-MAX_RESOURCES);
}

function stepText({ resource, type, status, reason }: ResourceStep): string {
  const why = reason === undefined || /Initiated|User/.test(reason) ? '' : `: ${reason.replace(/\p{Cc}/gu, ' ')}`;
  return `${status}  ${resource} ${type}${why}`;
}
