/** What every check of a rendered template gets, and how it states a finding. */
import type { Json } from '../../modules/contract.ts';
import type { PlannedStack } from '../../modules/plan-types.ts';
import type { DiagnosticCode } from '../../report/codes.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import type { Merged, TemplateObject } from '../contribute.ts';

export interface CheckContext {
  stack: PlannedStack;
  template: TemplateObject;
  /** The text that will be written. */
  body: string;
  placeOf: Merged['placeOf'];
}

/** One rule. */
export type Check = (context: CheckContext) => Diagnostic[];

export type JsonMap = { [key: string]: Json };

export function isMap(value: Json | undefined): value is JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Resources with their logical ids; whatever is not a map is left out. */
export function resourcesOf(template: TemplateObject): [id: string, resource: JsonMap][] {
  return Object.entries(template.Resources ?? {}).filter((entry): entry is [string, JsonMap] => isMap(entry[1]));
}

export interface FindingArgs {
  code: DiagnosticCode;
  message: string;
  hint: string;
  /** Parts of the template, nearest first: the first that has a place gives it. */
  at?: readonly unknown[];
}

/** An error about a template, placed where its source has the part concerned, else at its file. */
export function finding({ stack, placeOf }: CheckContext, { code, message, hint, at = [] }: FindingArgs): Diagnostic {
  const place = at.map(placeOf).find((found) => found !== undefined) ?? { file: stack.template };
  return { code, severity: 'error', message: `${stack.id}: ${message}`, hint, place };
}

/** Visits every map and list below `value`, with the chain of parts that leads there (nearest first). */
export function walk(value: Json, visit: (node: JsonMap | Json[], chain: readonly unknown[]) => void): void {
  const step = (node: Json, chain: readonly unknown[]): void => {
    if (node === null || typeof node !== 'object') return;
    const here = [node, ...chain];
    visit(node, here);
    for (const member of Array.isArray(node) ? node : Object.values(node)) step(member, here);
  };
  step(value, []);
}
