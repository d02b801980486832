/** The table of a plan comment: one row an environment and stack. Pure. */
import type { PreviewEnvironment, PreviewStack } from '../aws/preview-report.ts';
import { code } from './markdown-text.ts';

export interface Counts {
  added: number;
  changed: number;
  removed: number;
  replaced: number;
  permissions: number;
}

export function countsOf({ resources, permissions }: PreviewStack): Counts {
  const count = (...actions: string[]): number => resources.filter(({ action }) => actions.includes(action)).length;
  return {
    added: count('add', 'import'),
    changed: count('modify', 'sync'),
    removed: count('remove'),
    replaced: count('replace', 'maybe-replace'),
    permissions: permissions.length,
  };
}

export const TABLE_HEAD = '| environment | stack | + | ~ | − | ⚠ | 🔑 |\n|---|---|--:|--:|--:|--:|--:|';

const NOTES: Readonly<Record<PreviewStack['action'], string>> = {
  create: ' (new)',
  update: '',
  none: '',
  blocked: ' ✖ cannot be deployed now',
};

/** Of stacks that would be touched, or cannot be. */
export function tableRow({ name }: PreviewEnvironment, stack: PreviewStack): string {
  const { added, changed, removed, replaced, permissions } = countsOf(stack);
  const widens = stack.permissions.some((permission) => permission.widens) && stack.action !== 'create';
  const cells = [added, changed, removed, replaced].map((count) => (count === 0 ? '' : String(count)));
  const keys = permissions === 0 ? '' : `${permissions}${widens ? ' **wider**' : ''}`;
  return `| ${[code(name), `${code(stack.id)}${NOTES[stack.action]}`, ...cells, keys].join(' | ')} |`;
}

/** The symbols in words, for the line below the table. */
export const LEGEND = '<sub>+ added · ~ changed · − removed · ⚠ replaced, or may be · 🔑 permissions</sub>';
