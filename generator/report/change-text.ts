/** A comparison for people at a terminal. */
import pc from 'picocolors';
import type {
  Change,
  ChangeReport,
  EntryChange,
  EnvironmentChange,
  FunctionChange,
  PermissionChange,
  ResourceChange,
  StackChange,
  ValueChange,
} from '../diff/change-report.ts';
import { shortPair, shortValue } from './short-value.ts';

/** Of a resource or a function that changes all over, these many values tell enough. */
const MAX_VALUES = 20;

type Paint = ReturnType<typeof pc.createColors>;

/** Text that ends with a newline. */
export function printChanges({ environments }: ChangeReport, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  if (environments.length === 0) return 'No changes.\n';
  return printable(environments)
    .map((environment) => `${environmentLines(environment, paint).join('\n')}\n`)
    .join('\n');
}

/** Control characters in a name must not drive the terminal or forge a line. Values are printed as JSON, which has none. */
function printable<T>(part: T): T {
  const safe = JSON.stringify(part, (key, value: unknown) => {
    if (typeof value !== 'string' || key === 'old' || key === 'new') return value;
    return value.replace(/\p{Cc}/gu, '\ufffd');
  });
  return JSON.parse(safe) as T;
}

function environmentLines(
  { name, change, values, stacks, functions, warnings }: EnvironmentChange,
  paint: Paint,
): string[] {
  const note = { added: ' (new environment)', removed: ' (environment removed)', changed: '' }[change];
  return [
    paint.bold(`${name}${note}`),
    ...indent(valueLines(values, paint)),
    ...indent(stacks.flatMap((stack) => stackLines(stack, paint))),
    ...indent(
      block(
        'functions',
        functions.flatMap((fn) => functionLines(fn, paint)),
      ),
    ),
    ...indent(warnings.map(({ message }) => paint.yellow(`warning: ${message}`))),
  ];
}

function stackLines(stack: StackChange, paint: Paint): string[] {
  const { id, name, region, change, resources, parameters, outputs, permissions, others } = stack;
  return [
    `${sign(change, paint)} ${paint.bold(id)} ${paint.dim(`${name}, ${region}`)}${{ added: ' new stack', removed: ' stack removed', changed: '' }[change]}`,
    ...indent(
      resources.filter((resource) => !isTagsOnly(resource)).flatMap((resource) => resourceLines(resource, paint)),
    ),
    ...indent(tagLines(resources.filter(isTagsOnly), paint)),
    ...indent(
      block(
        'parameters',
        parameters.flatMap((entry) => entryLines(entry, paint)),
      ),
    ),
    ...indent(
      block(
        'outputs',
        outputs.flatMap((entry) => entryLines(entry, paint)),
      ),
    ),
    ...indent(
      block(
        'others',
        others.flatMap((entry) => entryLines(entry, paint)),
      ),
    ),
    ...indent(
      block(
        '🔑 permissions',
        permissions.flatMap((permission) => permissionLines(permission, paint)),
      ),
    ),
  ];
}

function resourceLines({ id, type, change, retained, properties }: ResourceChange, paint: Paint): string[] {
  const fate = retained ? '; the old one stays in the account' : '';
  const note = {
    added: '',
    changed: '',
    removed: retained ? ' stays in the account, outside the stack' : '',
    replaced: ` is replaced${fate}`,
    'maybe-replaced': ` may be replaced${fate}`,
  }[change];
  const mark = change === 'replaced' ? paint.red('⚠') : sign(change === 'maybe-replaced' ? 'changed' : change, paint);
  return [`${mark} ${id} ${paint.dim(type)}${note}`, ...indent(indent(valueLines(properties, paint)))];
}

/** A tag of the project is on everything; a line for each resource would hide what matters. */
function isTagsOnly({ change, properties }: ResourceChange): boolean {
  return change === 'changed' && properties.length > 0 && properties.every(({ path }) => /^Tags(\[|\.|$)/.test(path));
}

function tagLines(resources: readonly ResourceChange[], paint: Paint): string[] {
  if (resources.length === 0) return [];
  return [`${sign('changed', paint)} tags only: ${resources.map(({ id }) => id).join(', ')}`];
}

function entryLines({ name, change, values }: EntryChange, paint: Paint): string[] {
  return [`${sign(change, paint)} ${name}`, ...indent(indent(valueLines(values, paint)))];
}

function functionLines(fn: FunctionChange, paint: Paint): string[] {
  const { id, kind, change, code, settings } = fn;
  const what =
    change !== 'changed' ? '' : code ? (settings.length > 0 ? ' code and settings' : ' code') : ' settings only';
  const size = pair(fn, ({ size: bytes }) => `${bytes.toLocaleString('en')} bytes`);
  const digest = pair(fn, ({ sha256 }) => sha256.slice(0, 12));
  return [
    `${sign(change, paint)} ${id} ${paint.dim(kind)}${what}  ${size}  ${paint.dim(digest)}`,
    ...indent(indent(valueLines(settings, paint))),
  ];
}

function pair(fn: FunctionChange, text: (shipped: NonNullable<FunctionChange['old']>) => string): string {
  const texts = [fn.old, fn.new].flatMap((shipped) => (shipped === undefined ? [] : [text(shipped)]));
  return [...new Set(texts)].join(' → ');
}

export function permissionLines(permission: PermissionChange, paint: Paint): string[] {
  const { change, effect, principals, actions, resources, condition, widens } = permission;
  const more = [
    ['added', permission.addedActions, permission.addedResources],
    ['removed', permission.removedActions, permission.removedResources],
  ] as const;
  const details = more.flatMap(([word, ...lists]) => {
    const values = lists.flatMap((list) => list ?? []);
    return values.length === 0 ? [] : [`${sign(word, paint)} ${values.join(', ')}`];
  });
  const limited = condition === undefined ? '' : ` if ${shortValue(condition)}`;
  const line = [effect, actions.join(', '), 'on', resources.join(', '), 'for', principals].filter(
    (part) => part !== '',
  );
  const widened = widens && change !== 'added' ? paint.yellow(' (widened)') : '';
  return [`${sign(change, paint)} ${line.join(' ')}${limited}${widened}`, ...indent(indent(details))];
}

function valueLines(values: readonly (ValueChange & { replaces?: 'always' | 'maybe' })[], paint: Paint): string[] {
  const lines = values.slice(0, MAX_VALUES).map((value) => {
    const { path, replaces } = value;
    const note = replaces === undefined ? '' : paint.red(replaces === 'always' ? ' (replaces)' : ' (may replace)');
    if (!('new' in value)) return `${path}: ${shortValue(value.old)} ${paint.red('removed')}${note}`;
    if (!('old' in value)) return `${path}: ${shortValue(value.new)} ${paint.green('added')}${note}`;
    const [old, fresh] = shortPair(value.old, value.new);
    return `${path}: ${old} → ${fresh}${note}`;
  });
  const hidden = values.length - lines.length;
  return hidden > 0 ? [...lines, paint.dim(`… and ${hidden} more`)] : lines;
}

function sign(change: Change, paint: Paint): string {
  return { added: paint.green('+'), changed: paint.yellow('~'), removed: paint.red('−') }[change];
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...indent(lines)];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
