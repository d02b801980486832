/** Previews of several environments as one comment on a pull request. Pure. */
import type { PreviewEnvironment, PreviewStack, Risk } from '../aws/preview-report.ts';
import type { Diagnostic } from './diagnostic.ts';
import { code, link, prose } from './markdown-text.ts';
import { detailBlock } from './plan-details.ts';
import { LEGEND, TABLE_HEAD, tableRow } from './plan-table.ts';
import { shorten } from './shorten.ts';

/** GitHub takes 65,536 characters. */
export const MAX_COMMENT = 65_500;

/** How the comment is found again, to be updated in place. */
export const PLAN_MARKER = '<!-- edgepass:plan';

/** What one run of `preview --json` left behind. */
export interface PlanSource {
  /** What it is called when it names no environment. */
  label: string;
  environments: readonly PreviewEnvironment[];
  diagnostics: readonly Diagnostic[];
  /** There ought to be a report, and there is none. */
  missing?: true;
}

export interface CommentOptions {
  /** Address of the artifact with the full text. */
  artifact?: string;
  /** No limit, every value. */
  full?: boolean;
}

export function planComment(sources: readonly PlanSource[], { artifact, full = false }: CommentOptions = {}): string {
  const environments = sources.flatMap((source) => source.environments);
  const rows = environments.flatMap((environment) =>
    environment.stacks.filter(({ action }) => action !== 'none').map((stack) => ({ environment, stack })),
  );
  const where = artifact === undefined ? 'the artifact of this run' : link('the artifact of this run', artifact);
  const before = [marker(environments), '### edgepass plan', '', headline(sources, rows.length), ''].join('\n');
  const after = `\n${digests(environments)}\n`;
  const shortened = `\n*Details were left out to fit: the full text is in ${where}.*\n`;
  const table = rows.map(({ environment, stack }) => tableRow(environment, stack));
  const blocks = [
    // The table and what speaks against deploying stay to the last; one block a line, so that the start of a huge one stays.
    ...(table.length === 0 ? [] : [TABLE_HEAD, ...table]).map((row) => ({ importance: 9, forms: [row] })),
    { importance: 9, forms: [table.length === 0 ? '' : `\n${LEGEND}\n`] },
    ...sources.flatMap(troubles).map((line) => ({ importance: 8, forms: [line] })),
    ...environments.flatMap(riskLines).map((line) => ({ importance: 7, forms: [line] })),
    { importance: 9, forms: [''] },
    ...rows.map(({ environment, stack }) => detailBlock(environment, stack, { full })),
    { importance: -1, forms: [unchanged(environments)] },
  ];
  const room = full ? Number.POSITIVE_INFINITY : MAX_COMMENT - before.length - after.length - shortened.length;
  const fitted = shorten(blocks, room);
  const middle = fitted.texts.filter((text) => text !== undefined).join('\n');
  return `${before}\n${middle}${fitted.shortened > 0 ? shortened : ''}${after}`;
}

/** Names are lower-case letters, digits and hyphens, and digests are hex: neither can end an HTML comment. */
function marker(environments: readonly PreviewEnvironment[]): string {
  const plans = environments
    .filter(({ name, plan }) => /^[a-z0-9-]+$/.test(name) && !name.includes('--') && /^[0-9a-f]+$/.test(plan))
    .slice(0, 100);
  return `${PLAN_MARKER}${plans.map(({ name, plan }) => ` ${name}=${plan}`).join('')} -->`;
}

function headline(sources: readonly PlanSource[], changed: number): string {
  const failed = sources.filter(({ missing, diagnostics }) => missing || diagnostics.some(isError)).length;
  const stacks = changed === 1 ? '1 stack' : `${changed} stacks`;
  const parts = [
    changed === 0 ? (failed === 0 ? 'Nothing would change.' : '') : `Deploying this changes **${stacks}**.`,
    failed === 0 ? '' : `**✖ ${failed === 1 ? 'One preview' : `${failed} previews`} failed.**`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function troubles({ label, environments, diagnostics, missing }: PlanSource): string[] {
  const name = code(environments[0]?.name ?? label);
  if (missing) return [`- ✖ ${name}: there is no preview. See the log of its job.`];
  // Findings of AWS and bad states stand with their stacks.
  const shown = environments.length === 0 ? diagnostics : diagnostics.filter((d) => !/^EP720[23]$/.test(d.code));
  return shown.map(({ code: id, severity, message, hint }) => {
    const sign = severity === 'error' ? '✖' : '⚠';
    return `- ${sign} ${name}: ${prose(`${id} ${message}`)}${hint === undefined ? '' : ` ${prose(hint)}`}`;
  });
}

function riskLines({ name, risks }: PreviewEnvironment): string[] {
  return risks.map(({ message, kind, needsAllow }: Risk) => {
    const needs = needsAllow ? ` **Deploying is refused** unless it is started with ${code(`allow: ${kind}`)}.` : '';
    return `- ⚠ ${code(name)}: ${prose(message)}${needs}`;
  });
}

function unchanged(environments: readonly PreviewEnvironment[]): string {
  const same = environments.flatMap(({ name, stacks }) => {
    const ids = stacks.filter(({ action }: PreviewStack) => action === 'none').map(({ id }) => code(id));
    return ids.length === 0 ? [] : [{ count: ids.length, line: `- ${code(name)}: ${ids.join(', ')}` }];
  });
  if (same.length === 0) return '';
  const count = same.reduce((sum, one) => sum + one.count, 0);
  const lines = same.map(({ line }) => line).join('\n');
  return `<details><summary>${count} unchanged</summary>\n\n${lines}\n\n</details>\n`;
}

function digests(environments: readonly PreviewEnvironment[]): string {
  if (environments.length === 0) return '';
  const plans = environments.slice(0, 100).map(({ name, plan }) => `${code(name)} ${code(plan.slice(0, 12))}`);
  return `<sub>Plans: ${plans.join(' · ')}. Deployment stops when its plan is another one.</sub>`;
}
