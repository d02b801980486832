/** Reads AWS's change set into rows. Pure. */
import type { Change, ResourceChangeDetail, ResourceTargetDefinition } from '@aws-sdk/client-cloudformation';
import type { Json } from '../modules/contract.ts';
import type { PreviewProperty, PreviewResource, ResourceAction } from './preview-report.ts';

export type ChangeSetRow = Omit<PreviewResource, 'in' | 'templateSays' | 'place' | 'stateful'>;

export function changeSetRows(changes: readonly Change[]): ChangeSetRow[] {
  return changes.flatMap(({ ResourceChange: change }): ChangeSetRow[] => {
    if (change?.LogicalResourceId === undefined) return [];
    const { LogicalResourceId: id, ResourceType: type = '', PhysicalResourceId, PolicyAction, Replacement } = change;
    const action = actionOf(change.Action, Replacement);
    const retained = PolicyAction === 'Retain' || PolicyAction === 'ReplaceAndRetain';
    const details = action === 'add' || action === 'remove' ? [] : (change.Details ?? []);
    return [
      {
        id,
        type,
        ...(PhysicalResourceId ? { physicalId: PhysicalResourceId } : {}),
        action,
        ...(retained ? { retained: true as const } : {}),
        properties: propertyRows(details),
      },
    ];
  });
}

function actionOf(action: string | undefined, replacement: string | undefined): ResourceAction {
  if (action === 'Add') return 'add';
  if (action === 'Remove') return 'remove';
  if (action === 'Import') return 'import';
  if (action === 'SyncWithActual') return 'sync';
  // `Dynamic`: AWS cannot tell yet whether and how it changes.
  if (replacement === 'True') return 'replace';
  return replacement === 'Conditional' || action === 'Dynamic' ? 'maybe-replace' : 'modify';
}

/** One property can be named several times, once for each cause; AWS evaluates it `Static` when it is sure. */
function propertyRows(details: readonly ResourceChangeDetail[]): PreviewProperty[] {
  const rows = new Map<string, PreviewProperty>();
  for (const detail of details) {
    const { Target: target } = detail;
    const path = pathOf(target);
    if (target === undefined || path === undefined) continue;
    const row = { ...propertyRow(path, target), ...causeOf(detail) };
    const before = rows.get(path);
    if (before === undefined || detail.Evaluation === 'Static') rows.set(path, { ...before, ...row });
  }
  return [...rows.values()];
}

/** Dotted, below `Properties`; of another attribute its name. */
function pathOf(target: ResourceTargetDefinition | undefined): string | undefined {
  if (target?.Path !== undefined && target.Path !== '') return dotted(target.Path);
  return target?.Name ?? (target?.Attribute === 'Properties' ? undefined : target?.Attribute);
}

/** `/Properties/Tags/0/Value` → `Tags[0].Value`. Source: RFC 6901 for the escapes. */
export function dotted(pointer: string): string {
  return pointer
    .replace(/^\/(Properties\/)?/, '')
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}

function propertyRow(path: string, target: ResourceTargetDefinition): PreviewProperty {
  const { BeforeValue, AfterValue, RequiresRecreation, Drift } = target;
  // A drift-aware change set says what is live, which is what will change.
  const before = Drift?.ActualValue ?? BeforeValue;
  const replaces = { Always: 'always', Conditionally: 'maybe', Never: undefined }[RequiresRecreation ?? 'Never'];
  return {
    path,
    ...(before === undefined ? {} : { before: value(before) }),
    ...(AfterValue === undefined ? {} : { after: value(AfterValue) }),
    ...(replaces === undefined ? {} : { replaces: replaces as 'always' | 'maybe' }),
    in: 'change-set',
  };
}

function causeOf({ ChangeSource, CausingEntity }: ResourceChangeDetail): Pick<PreviewProperty, 'cause'> {
  if (ChangeSource === undefined || ChangeSource === 'DirectModification') return {};
  return { cause: CausingEntity ?? ChangeSource };
}

/** AWS gives lists and maps as JSON, everything else as its text. */
export function value(text: string): Json {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
