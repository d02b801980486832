/** Drift of several environments as the text of one issue. Pure. */
import type { DriftReport, StackDrift } from '../aws/drift.ts';
import type { Diagnostic } from './diagnostic.ts';
import { code, link, prose } from './markdown-text.ts';
import { type CommentOptions, MAX_COMMENT } from './plan-comment.ts';
import { shortPair, shortValue } from './short-value.ts';
import { type Block, shorten } from './shorten.ts';

/** How the issue is found again. */
export const DRIFT_MARKER = '<!-- edgepass:drift -->';

/** What one run of `drift --json` left behind. */
export interface DriftSource {
  label: string;
  report?: DriftReport;
  diagnostics: readonly Diagnostic[];
  missing?: true;
}

/** Whether anything drifted, nothing did, or it is not known since a check failed. */
export type DriftState = 'drifted' | 'in-sync' | 'unknown';

export function driftState(sources: readonly DriftSource[]): DriftState {
  if (sources.some(({ report }) => report?.drifted)) return 'drifted';
  const unchecked = ({ report, diagnostics }: DriftSource): boolean =>
    report === undefined ||
    diagnostics.some(({ severity }) => severity === 'error') ||
    report.stacks.some(({ status }) => status === 'not-checked');
  return sources.length === 0 || sources.some(unchecked) ? 'unknown' : 'in-sync';
}

export function driftComment(sources: readonly DriftSource[], { artifact, full = false }: CommentOptions = {}): string {
  const head = `${DRIFT_MARKER}\n${SUMMARIES[driftState(sources)]}\n\n`;
  const where = artifact === undefined ? 'the artifact of the run' : link('the artifact of the run', artifact);
  const shortened = `\n\n*Details were left out to fit: the full text is in ${where}.*`;
  const blocks = sources.flatMap(blocksOf);
  const fitted = shorten(blocks, full ? Number.POSITIVE_INFINITY : MAX_COMMENT - head.length - shortened.length - 1);
  const text = fitted.texts.filter((one) => one !== undefined).join('\n');
  return `${head}${text}${fitted.shortened > 0 ? shortened : ''}\n`;
}

const SUMMARIES: Readonly<Record<DriftState, string>> = {
  drifted:
    'Something was changed outside of deployments. `edgepass drift --env <environment> --heal` shows what undoing it would change, and does it when confirmed.',
  'in-sync': 'Nothing is drifted.',
  unknown: 'Not every stack could be checked.',
};

function blocksOf({ label, report, diagnostics, missing }: DriftSource): Block[] {
  const name = code(report?.environment ?? label);
  const troubles = missing
    ? [`- ✖ ${name}: there is no report. See the log of its job.`]
    : diagnostics.map(({ code: id, message }) => `- ✖ ${name}: ${prose(`${id} ${message}`)}`);
  return [
    ...troubles.map((line) => ({ importance: 2, forms: [line] })),
    ...(report?.stacks ?? []).filter(({ status }) => status !== 'in-sync').map((stack) => stackBlock(name, stack)),
  ];
}

function stackBlock(environment: string, { id, region, status, state = '', resources }: StackDrift): Block {
  const title = `- ${environment} · ${code(id)} in ${code(region)}`;
  if (status === 'absent') return { importance: 0, forms: [`${title}: not deployed`] };
  if (status === 'not-checked') return { importance: 1, forms: [`${title}: not checked, ${code(state)}`] };
  const form = (properties: boolean): string =>
    [
      title,
      ...resources.flatMap((resource) => [
        `  - ${code(resource.id)} ${prose(resource.type)}${resource.change === 'deleted' ? ' **was deleted**' : ''}`,
        ...(properties ? resource.properties.map(propertyLine) : []),
      ]),
    ].join('\n');
  return { importance: 3, forms: [form(true), form(false), title] };
}

function propertyLine({ path, expected, actual }: StackDrift['resources'][number]['properties'][number]): string {
  const name = `    - ${code(path)}`;
  if (actual === undefined) return `${name}: ${code(shortValue(expected))} is missing`;
  if (expected === undefined) return `${name}: ${code(shortValue(actual))} was added`;
  const [old, live] = shortPair(expected, actual);
  return `${name}: ${code(old)} in the template, ${code(live)} live`;
}
