/** What CloudFormation does between CreateChangeSet and its being complete: validating, and comparing. */
import { AwsError } from '../errors.ts';
import { equal, type JsonObject } from '../json.ts';
import { planChanges } from './changes.ts';
import type { Engine } from './engine.ts';
import type { OrderedFinding } from './failures.ts';
import { IMPORT_REVIEW, importChanges, type OwnerOf } from './imports.ts';
import type { ChangeSetRecord, Deployment, StackRecord, Steps } from './records.ts';

const SAME = "The submitted information didn't contain changes. Submit different information to create a change set.";
const NOTHING = 'No updates are to be performed.';

interface Creating {
  stack: StackRecord;
  changeSet: ChangeSetRecord;
  findings: OrderedFinding[];
  /** Id of the stack that has a resource already. */
  ownerOf: OwnerOf;
}

export function* creating(engine: Engine, { stack, changeSet, findings, ownerOf }: Creating): Steps {
  const { operation } = changeSet;
  yield;
  changeSet.status = 'CREATE_IN_PROGRESS';
  yield;
  const refuse = (reason: string) => {
    Object.assign(changeSet, { status: 'FAILED', statusReason: reason });
    engine.journal.end(operation, 'FAILED');
  };
  for (const finding of findings) engine.journal.note(stack, operation, validationEvent(finding, changeSet.deployment));
  const fatal = findings.filter(({ mode }) => mode !== 'WARN');
  if (fatal.length > 0) return refuse(earlyValidation(fatal));
  if (changeSet.type === 'IMPORT') {
    const looked = importChanges(engine, { resources: changeSet.resourcesToImport, ownerOf });
    if ('problem' in looked) return refuse(looked.problem);
    changeSet.changes = looked.changes;
    Object.assign(changeSet, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE', statusReason: IMPORT_REVIEW });
    return engine.journal.end(operation, 'SUCCEEDED');
  }
  try {
    const revertDrift = changeSet.deploymentMode === 'REVERT_DRIFT';
    const plan = planChanges({ engine, stack, deployment: changeSet.deployment, revertDrift });
    const reason = plan.changes.length === 0 ? nothingToDo(stack.deployment, changeSet.deployment) : undefined;
    changeSet.stackDriftStatus = plan.driftStatus;
    if (reason !== undefined) return refuse(reason);
    changeSet.changes = plan.changes;
  } catch (error) {
    if (error instanceof AwsError) return refuse(error.message);
    throw error;
  }
  Object.assign(changeSet, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' });
  engine.journal.end(operation, 'SUCCEEDED');
}

/** Why there is nothing to update although the deployment is a valid one. Outputs alone are worth an update. */
export function nothingToDo(before: Deployment | undefined, after: Deployment): string | undefined {
  if (!before || !equal(before.template.outputs as JsonObject, after.template.outputs as JsonObject)) return undefined;
  const parameters = [...after.parameters].every(([key, { value }]) => before.parameters.get(key)?.value === value);
  return parameters && equal(before.template.document, after.template.document) ? SAME : NOTHING;
}

function earlyValidation(findings: readonly OrderedFinding[]): string {
  const checks = findings.map(({ name }) =>
    name === 'NAME_CONFLICT_VALIDATION' ? 'ResourceExistenceCheck' : 'PropertyValidation',
  );
  const hooks = [...new Set(checks)].map((check) => `AWS::EarlyValidation::${check}`).join(', ');
  return `The following hook(s)/validation failed: [${hooks}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.`;
}

function validationEvent({ resource, path, reason, name, mode }: OrderedFinding, { template }: Deployment) {
  return {
    EventType: 'VALIDATION_ERROR' as const,
    LogicalResourceId: resource,
    PhysicalResourceId: '',
    ResourceType: template.resources[resource]?.type,
    ValidationFailureMode: mode ?? ('FAIL' as const),
    ValidationName: name ?? 'PROPERTY_VALIDATION',
    ValidationStatus: 'FAILED' as const,
    ValidationStatusReason: reason,
    ValidationPath: path,
  };
}
