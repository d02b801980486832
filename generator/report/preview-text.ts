/** A preview for people at a terminal. */
import pc from 'picocolors';
import type {
  PreviewEnvironment,
  PreviewProperty,
  PreviewReport,
  PreviewResource,
  PreviewStack,
  ResourceAction,
} from '../aws/preview-report.ts';
import { permissionLines } from './change-text.ts';
import { shortPair, shortValue } from './short-value.ts';

type Paint = ReturnType<typeof pc.createColors>;

/** Of a resource that changes all over, these many values tell enough. */
const MAX_VALUES = 20;

/** Text that ends with a newline. */
export function printPreview({ environments }: PreviewReport, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const text = environments.map((environment) => environmentLines(environment, paint).join('\n')).join('\n\n');
  // Names and reasons come from AWS: they must not drive the terminal or forge a line. Colors are ours.
  return `${text}\n`;
}

function environmentLines(environment: PreviewEnvironment, paint: Paint): string[] {
  const { name, account, stacks, risks, plan, changes } = environment;
  const shown = stacks.filter(({ action }) => action !== 'none');
  const same = stacks.filter(({ action }) => action === 'none').map(({ id }) => id);
  return [
    `${paint.bold(name)} ${paint.dim(`account ${account}, plan ${plan.slice(0, 12)}`)}`,
    ...indent(shown.flatMap((stack) => stackLines(stack, paint))),
    ...(same.length === 0 ? [] : indent([paint.dim(`unchanged: ${same.join(', ')}`)])),
    ...(changes || shown.length > 0 ? [] : ['  No changes.']),
    ...indent(
      risks.map(({ kind, message, needsAllow }) =>
        paint.yellow(`⚠ ${safe(message)}${needsAllow ? ` (needs --allow ${kind})` : ''}`),
      ),
    ),
  ];
}

function stackLines(stack: PreviewStack, paint: Paint): string[] {
  const { id, name, region, action, status, blocked, resources, parameters, outputs, permissions, findings } = stack;
  const mark = { create: paint.green('+'), update: paint.yellow('~'), blocked: paint.red('✖'), none: ' ' }[action];
  const note = { create: ' new stack', update: '', blocked: ` ${status ?? ''}`, none: '' }[action];
  return [
    `${mark} ${paint.bold(id)} ${paint.dim(`${name}, ${region}`)}${note}`,
    ...indent(blocked === undefined ? [] : [paint.red(safe(blocked.message)), `hint: ${blocked.hint}`]),
    ...indent(resources.flatMap((resource) => resourceLines(resource, { paint, joined: stack.source === 'both' }))),
    ...block(
      'parameters',
      parameters.map(({ name: parameter, before, after, from, unknownUntilDeployed }) => {
        const fresh = unknownUntilDeployed ? paint.dim(`known when ${from} is deployed`) : shortValue(after);
        return `${paint.yellow('~')} ${parameter}: ${before === undefined ? '' : `${shortValue(before)} → `}${fresh}`;
      }),
    ),
    ...block(
      'outputs',
      outputs.map(({ name: output, change }) => `${changeSign(change, paint)} ${output}`),
    ),
    ...block(
      '🔑 permissions',
      action === 'create' ? [] : permissions.flatMap((permission) => permissionLines(permission, paint)),
    ),
    ...indent(
      findings.map(({ mode, name: validation, message, place }) => {
        const where = place === undefined ? '' : ` (${place.file}:${place.line})`;
        return (mode === 'FAIL' ? paint.red : paint.yellow)(`${mode} ${validation}: ${safe(message)}${where}`);
      }),
    ),
  ];
}

const NOTES: Readonly<Record<ResourceAction, string>> = {
  add: '',
  modify: '',
  remove: ' is removed',
  replace: ' is replaced',
  'maybe-replace': ' may be replaced',
  sync: ' takes over the live value',
  import: ' is taken up again',
};

function resourceLines(resource: PreviewResource, { paint, joined }: { paint: Paint; joined: boolean }): string[] {
  const { id, type, action, retained, properties, templateSays } = resource;
  const fate = retained ? '; the old one stays in the account' : '';
  const note = NOTES[action] === '' ? '' : `${NOTES[action]}${fate}`;
  const seen = joined ? disagreement(resource.in, templateSays) : '';
  return [
    `${actionSign(action, paint)} ${id} ${paint.dim(type)}${note}${paint.dim(seen)}`,
    ...indent(indent(propertyLines(properties, paint))),
  ];
}

function disagreement(seen: PreviewResource['in'], templateSays: ResourceAction | undefined): string {
  if (seen === 'template') return ' (not in the change set of AWS)';
  if (seen === 'change-set') return ' (only in the change set of AWS)';
  return templateSays === undefined ? '' : ` (the templates say: ${templateSays})`;
}

function propertyLines(properties: readonly PreviewProperty[], paint: Paint): string[] {
  const lines = properties.slice(0, MAX_VALUES).map((property) => {
    const { path, before, after, replaces, runtimeOwned, cause } = property;
    const notes = [
      replaces === undefined ? '' : paint.red(replaces === 'always' ? ' (replaces)' : ' (may replace)'),
      cause === undefined ? '' : paint.dim(` (because of ${cause})`),
      runtimeOwned ? paint.red(' (owned by the running product)') : '',
    ].join('');
    if (before === undefined && after === undefined) return `${path}${notes}`;
    if (after === undefined) return `${path}: ${shortValue(before)} ${paint.red('removed')}${notes}`;
    if (before === undefined) return `${path}: ${shortValue(after)} ${paint.green('added')}${notes}`;
    const [old, fresh] = shortPair(before, after);
    return `${path}: ${old} → ${fresh}${notes}`;
  });
  const hidden = properties.length - lines.length;
  return hidden > 0 ? [...lines, paint.dim(`… and ${hidden} more`)] : lines;
}

function actionSign(action: ResourceAction, paint: Paint): string {
  if (action === 'add' || action === 'import') return paint.green('+');
  if (action === 'remove') return paint.red('−');
  return action === 'replace' ? paint.red('⚠') : paint.yellow('~');
}

function changeSign(change: 'added' | 'removed' | 'changed', paint: Paint): string {
  return { added: paint.green('+'), changed: paint.yellow('~'), removed: paint.red('−') }[change];
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : indent([title, ...indent(lines)]);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Control characters in a text of AWS must not drive the terminal. */
function safe(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
