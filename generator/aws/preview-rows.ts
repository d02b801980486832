/** One stack of a preview, from the survey and what AWS said. Pure. */
import type { Change } from '@aws-sdk/client-cloudformation';
import type { Diagnostic } from '../report/diagnostic.ts';
import { changeSetRows } from './change-rows.ts';
import { joinRows, templateRows } from './join-rows.ts';
import type { PreviewParameter, PreviewResource, PreviewStack, ValidationFinding } from './preview-report.ts';
import { type Release, textOf } from './release.ts';
import type { SurveyedStack } from './survey.ts';
import { type PlaceOf, placesIn } from './template-place.ts';

export interface FromAws {
  changes: readonly Change[];
  findings: readonly ValidationFinding[];
}

/** `aws` is absent where no change set was made. */
export function previewStack(
  found: SurveyedStack,
  { release, aws }: { release: Release; aws?: FromAws },
): PreviewStack {
  const { stack, live, action, template, fingerprint } = found;
  const blocked = found.blocked ?? reasonIn(found.objections);
  const facts = {
    stack,
    stateful: template?.stateful ?? new Set(stack.stateful),
    placeOf: placeOf(release, stack.template),
  };
  const changes = template?.change?.resources ?? [];
  const resources =
    aws === undefined
      ? templateRows(changes, facts).map((row) => takenUp(row, found))
      : joinRows({ changeSet: changeSetRows(aws.changes), template: changes }, facts);
  const touched = resources.filter((row) => row.stateful && !['add', 'import'].includes(row.action));
  return {
    id: stack.id,
    name: stack.name,
    region: stack.region,
    action,
    ...(live.status === undefined ? {} : { status: live.status }),
    ...(blocked === undefined ? {} : { blocked }),
    source: action === 'none' ? 'none' : aws === undefined ? 'template' : 'both',
    fingerprint,
    resources,
    parameters: parameterRows(found),
    outputs: template?.change?.outputs ?? [],
    permissions: template?.change?.permissions ?? [],
    findings: [...(aws?.findings ?? [])],
    stateful: touched.map(({ id }) => id),
  };
}

/** What is there already is not created. */
function takenUp(row: PreviewResource, { kept }: SurveyedStack): PreviewResource {
  const found = kept.find(({ resource }) => resource === row.id);
  return found === undefined ? row : { ...row, action: 'import', physicalId: found.thing.physicalId };
}

function reasonIn([first]: readonly Diagnostic[]): SurveyedStack['blocked'] {
  return first === undefined ? undefined : { message: first.message, hint: first.hint ?? '' };
}

export function placeOf(release: Release, template: string): PlaceOf {
  return placesIn(`${release.shown}/${template}`, textOf(release, template));
}

function parameterRows({ stack, live, parameters, action }: SurveyedStack): PreviewParameter[] {
  if (action === 'none' || action === 'blocked') return [];
  return Object.keys(stack.parameters).flatMap((name): PreviewParameter[] => {
    const source = stack.parameters[name];
    const [before, after] = [live.parameters[name], parameters.values[name]];
    const from = source !== undefined && 'output' in source ? { from: source.from } : {};
    const old = before === undefined ? {} : { before };
    if (Object.hasOwn(parameters.unknown, name)) return [{ name, ...old, ...from, unknownUntilDeployed: true }];
    if (after === undefined || after === before || before === '****') return [];
    return [{ name, ...old, after, ...from }];
  });
}
