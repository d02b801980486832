/** Executes a change set of ours and follows it to its end; says in words what went wrong. */
import { randomUUID } from 'node:crypto';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import { executeChangeSet, type MadeChangeSet } from './change-set.ts';
import type { Aws } from './context.ts';
import { failureAdvice } from './failure-advice.ts';
import { harmless } from './faults.ts';
import { type Followed, follow } from './follow.ts';
import { placeOf } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import { stackState } from './stack-states.ts';
import type { SurveyedStack } from './survey.ts';

export interface Execution {
  api: CloudFormationApi;
  made: MadeChangeSet;
  stack: SurveyedStack['stack'];
  release: Release;
  /** Command that goes on after a cut. */
  resume: string;
}

/** Throws a Refusal: EP7301, EP7304, EP7307. */
export async function execute(aws: Aws, { api, made, stack, release, resume }: Execution): Promise<void> {
  const token = randomUUID();
  await executeChangeSet(api, { id: stack.id, stack: stack.name, changeSet: made.id, token });
  const followed = await follow(aws, { id: stack.id, stack: stack.name, region: stack.region, token, resume });
  if (stackState(followed.status).failed || followed.status.endsWith('_FAILED'))
    throw new Refusal(failureDiagnostic({ stack, followed, release }));
}

/** The first failure, with its line in the template, its reason, and what to do about the resource and the stack. */
export function failureDiagnostic({
  stack,
  followed: { status, failure },
  release,
}: {
  stack: SurveyedStack['stack'];
  followed: Followed;
  release: Release;
}): Diagnostic {
  const { meaning, advice } = stackState(status);
  const at = { name: stack.name, region: stack.region, environment: release.manifest.environment };
  const place = failure === undefined ? undefined : placeOf(release, stack.template)(failure.resource);
  const what =
    failure === undefined
      ? ''
      : ` ${failure.resource} (${failure.type}): ${harmless(failure.reason ?? 'AWS gives no reason')}`;
  return {
    code: 'EP7301',
    severity: 'error',
    message: `${stack.id} could not be deployed.${what}`,
    hint: [failureAdvice(failure?.reason ?? ''), `The stack is ${status}: ${meaning}`, advice(at)]
      .filter(Boolean)
      .join(' '),
    ...(place === undefined ? {} : { place }),
  };
}
