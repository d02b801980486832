/** The details of one stack in a plan comment. Pure. */

import type { PreviewEnvironment, PreviewProperty, PreviewResource, PreviewStack } from '../aws/preview-report.ts';
import type { PermissionChange } from '../diff/change-report.ts';
import { code, prose } from './markdown-text.ts';
import { shortPair, shortValue } from './short-value.ts';
import type { Block } from './shorten.ts';

/** Of a resource that changes all over, these many values tell enough; the full text has them all. */
const MAX_VALUES = 20;

const SIGNS: Readonly<Record<PreviewResource['action'], string>> = {
  add: '+',
  import: '+',
  modify: '~',
  sync: '~',
  remove: '−',
  replace: '⚠',
  'maybe-replace': '⚠',
};

const FATES: Readonly<Record<PreviewResource['action'], string>> = {
  add: '',
  modify: '',
  remove: ' **is removed**',
  replace: ' **is replaced**',
  'maybe-replace': ' **may be replaced**',
  sync: ' takes over the live value',
  import: ' is taken up again',
};

export interface DetailOptions {
  /** Every value of every resource. */
  full: boolean;
}

/** First form: everything. Second: resources without their properties. */
export function detailBlock(environment: PreviewEnvironment, stack: PreviewStack, { full }: DetailOptions): Block {
  const form = (properties: boolean): string => {
    const title = `${code(environment.name)} · ${code(stack.id)} in ${code(stack.region)}`;
    const lines = [
      ...(stack.blocked === undefined ? [] : [`- ✖ ${prose(stack.blocked.message)} ${prose(stack.blocked.hint)}`]),
      ...stack.findings.map(findingLine),
      ...stack.resources.flatMap((row) => resourceLines(row, { stack, properties, full })),
      ...(properties ? parameterLines(stack) : []),
      ...permissionLines(stack),
    ];
    return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>\n`;
  };
  return { importance: importanceOf(stack), forms: [form(true), form(false)] };
}

/** What stops a deployment comes before what loses something, and that before what allows more. */
function importanceOf({ action, findings, resources, stateful, permissions }: PreviewStack): number {
  if (action === 'blocked' || findings.some(({ mode }) => mode === 'FAIL')) return 5;
  if (stateful.length > 0 || resources.some((row) => row.properties.some((p) => p.runtimeOwned))) return 4;
  if (resources.some((row) => ['replace', 'maybe-replace', 'remove'].includes(row.action))) return 3;
  if (action !== 'create' && permissions.some(({ widens }) => widens)) return 2;
  return action === 'create' ? 0 : 1;
}

function findingLine({ mode, name, message, place }: PreviewStack['findings'][number]): string {
  const where = place === undefined ? '' : ` at ${code(`${place.file}:${place.line}`)}`;
  return `- ${mode === 'FAIL' ? '✖' : '⚠'} AWS says ${code(name)}: ${prose(message)}${where}`;
}

interface RowOptions {
  stack: PreviewStack;
  properties: boolean;
  full: boolean;
}

function resourceLines(row: PreviewResource, { stack, properties, full }: RowOptions): string[] {
  const { id, type, action, retained, stateful, place } = row;
  const notes = [
    FATES[action],
    retained && FATES[action] !== '' ? '; the old one stays in the account' : '',
    stateful && !['add', 'import'].includes(action) ? ' (holds state)' : '',
    stack.source === 'both' ? disagreement(row) : '',
    place === undefined ? '' : ` <sub>${code(`${place.file}:${place.line}`)}</sub>`,
  ];
  const head = `- ${SIGNS[action]} ${code(id)} ${prose(type)}${notes.join('')}`;
  // What a new resource is made of stands in its template.
  if (!properties || (action === 'add' && !full)) return [head];
  const shown = full ? row.properties : row.properties.slice(0, MAX_VALUES);
  const hidden = row.properties.length - shown.length;
  return [head, ...shown.map(propertyLine), ...(hidden === 0 ? [] : [`  - … and ${hidden} more`])];
}

function disagreement({ in: seen, templateSays }: PreviewResource): string {
  if (seen === 'template') return ' ≠ *not in the change set of AWS*';
  if (seen === 'change-set') return ' ≠ *only in the change set of AWS*';
  return templateSays === undefined ? '' : ` ≠ *the templates say: ${templateSays}*`;
}

function propertyLine({ path, before, after, replaces, cause, runtimeOwned }: PreviewProperty): string {
  const notes = [
    replaces === undefined ? '' : replaces === 'always' ? ' **replaces**' : ' **may replace**',
    cause === undefined ? '' : ` because of ${code(cause)}`,
    runtimeOwned ? ' **owned by the running product**' : '',
  ].join('');
  const name = `  - ${code(path)}`;
  if (before === undefined && after === undefined) return `${name}${notes}`;
  if (after === undefined) return `${name}: ${code(shortValue(before))} removed${notes}`;
  if (before === undefined) return `${name}: ${code(shortValue(after))} added${notes}`;
  const [old, fresh] = shortPair(before, after);
  return `${name}: ${code(old)} → ${code(fresh)}${notes}`;
}

function parameterLines({ parameters, outputs }: PreviewStack): string[] {
  const marks = { added: '+', changed: '~', removed: '−' } as const;
  return [
    ...parameters.map(({ name, before, after, from, unknownUntilDeployed }) => {
      const old = before === undefined ? '' : `${code(shortValue(before))} → `;
      const fresh = unknownUntilDeployed ? `known when ${code(from ?? '')} is deployed` : code(shortValue(after));
      return `- ~ parameter ${code(name)}: ${old}${fresh}`;
    }),
    ...outputs.map(({ name, change }) => `- ${marks[change]} output ${code(name)}`),
  ];
}

/** A new stack's permissions are new all over: their number in the table and the template say it. */
function permissionLines({ action, permissions }: PreviewStack): string[] {
  return action === 'create' ? [] : permissions.flatMap(permissionLine);
}

function permissionLine(permission: PermissionChange): string[] {
  const { change, effect, principals, actions, resources, condition, widens } = permission;
  const list = (texts: readonly string[]): string => texts.map(code).join(', ');
  const words = { added: 'new', changed: 'changed', removed: 'removed' } as const;
  const parts = [
    `- 🔑 ${words[change]}${widens ? ' **allows more**' : ''}: ${prose(effect)} ${list(actions)}`,
    resources.length === 0 ? '' : ` on ${list(resources)}`,
    principals === '' ? '' : ` for ${code(principals)}`,
    condition === undefined ? '' : ` if ${code(shortValue(condition))}`,
  ];
  const came = [...(permission.addedActions ?? []), ...(permission.addedResources ?? [])];
  const went = [...(permission.removedActions ?? []), ...(permission.removedResources ?? [])];
  return [
    parts.join(''),
    ...(came.length === 0 ? [] : [`  - + ${list(came)}`]),
    ...(went.length === 0 ? [] : [`  - − ${list(went)}`]),
  ];
}
