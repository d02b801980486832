/** The plan for programs: what will be rendered and how it hangs together, without what modules show their templates. */
import { relative, sep } from 'node:path';
import type { Plan, PlannedFunction, PlannedStack, Wire } from '../modules/plan-types.ts';

type Shown<T, Left extends keyof T> = Omit<T, Left>;

export interface PrintablePlan {
  project: string;
  environment: string;
  account: string;
  region: string;
  protected: boolean;
  modules: string[];
  /** In deployment order. */
  stacks: (Shown<PlannedStack, 'view' | 'contributions' | 'wires'> & {
    contributions: { module: string; template: string }[];
  })[];
  functions: Record<string, unknown>[];
  /** Every value that crosses stacks. */
  wires: (Wire & { to: string })[];
}

/** Paths are relative to `from`, so that the text is the same on every machine. */
export function printablePlan({ environment, stacks, functions }: Plan, from: string): PrintablePlan {
  const path = (file: string): string => relative(from, file).split(sep).join('/');
  return {
    project: environment.project,
    environment: environment.name,
    account: environment.account,
    region: environment.region,
    protected: environment.protected,
    modules: [...environment.modules],
    stacks: stacks.map(({ view: _view, wires: _wires, contributions, template, ...stack }) => ({
      ...stack,
      template: path(template),
      contributions: contributions.map(({ module, template: file }) => ({ module, template: path(file) })),
    })),
    functions: functions.map((fn) => printableFunction(fn, path)),
    wires: stacks.flatMap(({ id, wires }) => wires.map((wire) => ({ ...wire, to: id }))),
  };
}

function printableFunction(fn: PlannedFunction, path: (file: string) => string): Record<string, unknown> {
  const entry = path(fn.entry);
  if (fn.kind !== 'edge-function') return { ...fn, entry };
  const { settings: _settings, ...rest } = fn;
  return { ...rest, entry };
}
