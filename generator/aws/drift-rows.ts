/** Reads what AWS found to differ from the template, and sets apart what the running product changes itself. Pure. */
import type { PropertyDifference, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Json } from '../modules/contract.ts';
import { dotted, value } from './change-rows.ts';
import { isOwned, type Owned } from './owned.ts';
import type { PlaceOf } from './template-place.ts';

export interface DriftedProperty {
  /** Dotted, below `Properties`. */
  path: string;
  /** What the template says; absent when it says nothing. */
  expected?: Json;
  /** What is there; absent when nothing is. */
  actual?: Json;
}

export interface DriftedResource {
  id: string;
  type: string;
  physicalId?: string;
  change: 'modified' | 'deleted';
  properties: DriftedProperty[];
  place?: { file: string; line: number };
}

export interface OwnedDifference extends DriftedProperty {
  resource: string;
  /** Why the running product changes it. */
  because: string;
}

export interface DriftRows {
  resources: DriftedResource[];
  /** Owned by the running product: reported and never undone. */
  owned: OwnedDifference[];
}

export function driftRows(
  drifts: readonly StackResourceDrift[],
  { owned, placeOf }: { owned: Owned; placeOf: PlaceOf },
): DriftRows {
  const rows: DriftRows = { resources: [], owned: [] };
  for (const drift of drifts) {
    const { LogicalResourceId: id = '', ResourceType: type = '', PhysicalResourceId, StackResourceDriftStatus } = drift;
    if (StackResourceDriftStatus !== 'MODIFIED' && StackResourceDriftStatus !== 'DELETED') continue;
    const all = (drift.PropertyDifferences ?? []).map(propertyRow);
    const because = (path: string): string | undefined => {
      const one = owned.find((entry) => isOwned([entry], { resource: id, path }));
      return one?.because;
    };
    for (const property of all) {
      const reason = because(property.path);
      if (reason !== undefined) rows.owned.push({ resource: id, ...property, because: reason });
    }
    const ours = all.filter(({ path }) => because(path) === undefined);
    const deleted = StackResourceDriftStatus === 'DELETED';
    if (!deleted && ours.length === 0) continue;
    const place = placeOf(id);
    rows.resources.push({
      id,
      type,
      ...(PhysicalResourceId ? { physicalId: PhysicalResourceId } : {}),
      change: deleted ? 'deleted' : 'modified',
      properties: ours,
      ...(place === undefined ? {} : { place }),
    });
  }
  return rows;
}

function propertyRow({
  PropertyPath = '',
  ExpectedValue,
  ActualValue,
  DifferenceType,
}: PropertyDifference): DriftedProperty {
  return {
    path: dotted(PropertyPath),
    ...(DifferenceType === 'ADD' || ExpectedValue === undefined ? {} : { expected: value(ExpectedValue) }),
    ...(DifferenceType === 'REMOVE' || ActualValue === undefined ? {} : { actual: value(ActualValue) }),
  };
}
