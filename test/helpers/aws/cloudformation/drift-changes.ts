/** The three-way comparison of drift-aware change sets: live, previous deployment, new template. */
import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { diffPaths, equal, getAt, type JsonObject, printed } from '../json.ts';
import { replacementOf, scopeOf, values } from './changes.ts';
import type { Engine } from './engine.ts';
import { applied, liveDifferences, revertedKeys } from './live.ts';
import type { ResourceRecord } from './records.ts';
import { isCustom, recreation, tagProperty } from './spec.ts';

/** Types that the user guide excludes from the comparison with the live state, as far as this project meets them. */
const EXCLUDED = new Set(['AWS::IAM::OIDCProvider', 'AWS::SNS::TopicInlinePolicy']);

export function isDriftAware(type: string): boolean {
  return !isCustom(type) && !EXCLUDED.has(type);
}

export interface Comparison {
  engine: Engine;
  record: ResourceRecord;
  live: JsonObject;
  next: JsonObject;
  /** The change as a comparison of templates alone sees it. Is completed here. */
  change: ResourceChange;
}

/** Gives whether the resource has drifted. */
export function driftDetails({ engine, record, live, next, change }: Comparison): boolean {
  const { type, properties: previous } = record;
  const drifted = liveDifferences(type, previous, live, false);
  change.ResourceDriftStatus = drifted.length > 0 ? 'MODIFIED' : 'IN_SYNC';
  change.PreviousDeploymentContext = change.BeforeContext;
  const others = (change.Details ?? []).filter(
    ({ Target }) => Target?.Path === undefined || !Target.Path.startsWith('/Properties/'),
  );
  const byPath = new Map((change.Details ?? []).map((detail) => [detail.Target?.Path, detail]));
  const target = applied(type, live, { next, previous, keys: revertedKeys(type, { live, previous, next }) });
  const now = engine.clock.now();
  const details = diffPaths(live, target).map(({ path, before, after }): ResourceChangeDetail => {
    const known = byPath.get(`/Properties${path}`);
    const name = path.split('/')[1] ?? '';
    const isTags = name === tagProperty(type);
    const was = getAt(previous, path);
    const hasDrifted = !equal(before, was);
    return {
      Evaluation: known?.Evaluation ?? 'Static',
      ChangeSource: known?.ChangeSource ?? 'DirectModification',
      ...(known?.CausingEntity ? { CausingEntity: known.CausingEntity } : {}),
      Target: {
        Attribute: isTags ? 'Tags' : 'Properties',
        ...(isTags ? {} : { Name: name }),
        Path: `/Properties${path}`,
        RequiresRecreation: recreation(type, path),
        ...values(before, after),
        BeforeValueFrom: 'ACTUAL_STATE',
        AfterValueFrom: 'TEMPLATE',
        ...(hasDrifted
          ? {
              Drift: {
                ...(was === undefined ? {} : { PreviousValue: printed(was) }),
                ...(before === undefined ? {} : { ActualValue: printed(before) }),
                DriftDetectionTimestamp: now,
              },
            }
          : {}),
      },
    };
  });
  // The template was brought to what is live already: nothing is touched, the drift is only forgotten.
  const synced = diffPaths(previous, next)
    .filter(({ path, after }) => equal(getAt(live, path), after))
    .map(
      ({ path, before, after }): ResourceChangeDetail => ({
        Evaluation: 'Static',
        ChangeSource: 'NoModification',
        Target: {
          Attribute: 'Properties',
          Name: path.split('/')[1] ?? '',
          Path: `/Properties${path}`,
          RequiresRecreation: 'Never',
          ...values(before, after),
          AttributeChangeType: 'SyncWithActual',
          BeforeValueFrom: 'PREVIOUS_DEPLOYMENT_STATE',
          AfterValueFrom: 'TEMPLATE',
        },
      }),
    );
  const all = [...details, ...synced, ...others];
  change.Details = all;
  change.Scope = scopeOf(all);
  change.BeforeContext = JSON.stringify({ Properties: live, ...record.definition.attributes });
  if (details.length + others.length === 0 && synced.length > 0) {
    change.Action = 'SyncWithActual';
    delete change.Replacement;
    delete change.PolicyAction;
  } else {
    change.Replacement = replacementOf(all);
    if (change.Replacement === 'False') delete change.PolicyAction;
  }
  return drifted.length > 0;
}
