/** Joins AWS's change set with our comparison of templates. Pure. Each hides something: what only one of them sees is marked. */
import type { PropertyChange, ResourceChange } from '../diff/change-report.ts';
import type { ManifestStack } from '../output/manifest.ts';
import type { ChangeSetRow } from './change-rows.ts';
import { isOwned } from './owned.ts';
import type { PreviewProperty, PreviewResource, ResourceAction } from './preview-report.ts';
import type { PlaceOf } from './template-place.ts';

const ACTIONS: Readonly<Record<ResourceChange['change'], ResourceAction>> = {
  added: 'add',
  removed: 'remove',
  changed: 'modify',
  replaced: 'replace',
  'maybe-replaced': 'maybe-replace',
};

export interface Facts {
  stack: Pick<ManifestStack, 'runtimeOwned'>;
  /** Logical ids that hold state. */
  stateful: ReadonlySet<string>;
  placeOf: PlaceOf;
}

/** Rows of the comparison of templates alone. */
export function templateRows(template: readonly ResourceChange[], facts: Facts): PreviewResource[] {
  return template.map((change) =>
    finish(
      {
        ...base(change),
        action: ACTIONS[change.change],
        in: 'template',
        properties: change.properties.map((property) => templateProperty(property)),
      },
      facts,
    ),
  );
}

/** In the order of the template comparison, then what only AWS sees. */
export function joinRows(
  sides: { changeSet: readonly ChangeSetRow[]; template: readonly ResourceChange[] },
  facts: Facts,
): PreviewResource[] {
  const byId = new Map(sides.changeSet.map((row) => [row.id, row]));
  const known = new Set(sides.template.map(({ id }) => id));
  const joined = sides.template.map((change): PreviewResource => {
    const row = byId.get(change.id);
    const says = ACTIONS[change.change];
    if (row === undefined)
      return { ...base(change), action: says, in: 'template', properties: change.properties.map(templateProperty) };
    return {
      ...base(change),
      ...(row.physicalId === undefined ? {} : { physicalId: row.physicalId }),
      ...(row.retained ? { retained: true as const } : {}),
      action: row.action,
      in: 'both',
      ...(row.action === says ? {} : { templateSays: says }),
      properties: joinProperties(row.properties, change.properties),
    };
  });
  const onlyAws = sides.changeSet
    .filter(({ id }) => !known.has(id))
    .map((row): PreviewResource => ({ ...row, in: 'change-set' }));
  return [...joined, ...onlyAws].map((row) => finish(row, facts));
}

function base({ id, type, retained }: ResourceChange): Pick<PreviewResource, 'id' | 'type' | 'retained'> {
  return { id, type, ...(retained ? { retained } : {}) };
}

/** The two name places inside a property differently, so a property is the same when its first name is. */
function joinProperties(aws: readonly PreviewProperty[], template: readonly PropertyChange[]): PreviewProperty[] {
  const inAws = new Set(aws.map(({ path }) => firstName(path)));
  const inTemplate = new Set(template.map(({ path }) => firstName(path)));
  const ours = template.map((change): PreviewProperty => {
    const same = aws.find(({ path }) => path === change.path);
    const { replaces } = same ?? {};
    const row = templateProperty(change);
    if (!inAws.has(firstName(change.path))) return row;
    return { ...row, ...(same === undefined || replaces === undefined ? {} : { replaces }), in: 'both' };
  });
  return [...ours, ...aws.filter(({ path }) => !inTemplate.has(firstName(path)))];
}

function templateProperty({ path, replaces, ...values }: PropertyChange): PreviewProperty {
  return {
    path,
    ...('old' in values ? { before: values.old } : {}),
    ...('new' in values ? { after: values.new } : {}),
    ...(replaces === undefined ? {} : { replaces }),
    in: 'template',
  };
}

function firstName(path: string): string {
  return path.split(/[.[ ]/, 1)[0] ?? path;
}

function finish(row: PreviewResource, { stack, stateful, placeOf }: Facts): PreviewResource {
  const place = placeOf(row.id);
  const properties = row.properties.map((property) =>
    isOwned(stack.runtimeOwned, { resource: row.id, path: property.path })
      ? { ...property, runtimeOwned: true as const }
      : property,
  );
  return {
    ...row,
    properties,
    ...(stateful.has(row.id) ? { stateful: true as const } : {}),
    ...(place === undefined ? {} : { place }),
  };
}
