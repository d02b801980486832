/**
 * Takes up again what an earlier stack kept: an import by its own change set, which creates, changes and deletes nothing.
 * Source: CloudFormation User Guide, "Import AWS resources into a CloudFormation stack manually". `ImportExistingResources`
 * of an ordinary change set cannot do it for all types: "Import AWS resources into a CloudFormation stack automatically"
 * excludes those whose identifier is read-only, as that of a secret is.
 */
import type { Change, CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { readTemplate } from '../diff/template.ts';
import { sha256 } from '../output/manifest.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { bucketName, templateKey } from './bucket.ts';
import {
  changeSetName,
  dropChangeSet,
  findingsOf,
  isLargeText,
  type MadeChangeSet,
  makeChangeSet,
  type TemplateInput,
  templateUrl,
} from './change-set.ts';
import type { Aws } from './context.ts';
import { execute } from './execution.ts';
import { harmless } from './faults.ts';
import { importTemplate } from './import-template.ts';
import { type Kept, templateIn } from './kept.ts';
import { KEPT_TYPES } from './kept-types.ts';
import { packageRelease } from './package.ts';
import { findingDiagnostic } from './preview.ts';
import { placeOf } from './preview-rows.ts';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import type { SurveyedStack } from './survey.ts';

export interface TakeUpOptions {
  release: Release;
  /** Command that goes on after a cut. */
  resume: string;
}

/** Throws a Refusal: EP7201, EP7202, EP7301, EP7304, EP7307, EP7309. */
export async function takeUp(aws: Aws, found: SurveyedStack, { release, resume }: TakeUpOptions): Promise<void> {
  const { stack, kept } = found;
  aws.progress.phase(stack.id, 'changing', 'taking up what was kept');
  const api = await aws.clients.cloudFormation(stack.region);
  const made = await makeChangeSet(aws, api, { id: stack.id, input: await importInput(aws, found, release) });
  const objections = await objectionsTo(made, { aws, found, release });
  if (objections.length > 0) {
    await dropChangeSet(api, made.id);
    throw new Refusal(...objections);
  }
  await execute(aws, { api, made, stack, release, resume });
  const changed = (await Promise.all(kept.map((one) => changedContent(aws, one, { found, resume })))).flat();
  if (changed.length > 0) throw new Refusal(...changed);
}

async function importInput(aws: Aws, found: SurveyedStack, release: Release): Promise<CreateChangeSetInput> {
  const { stack, kept, live, parameters, fingerprint } = found;
  const fresh = readTemplate(stack, release);
  const present =
    found.action === 'update' && live.template !== undefined ? templateIn(stack, live.template) : undefined;
  const text = importTemplate(fresh, { kept, live: present, over: fingerprint });
  return {
    StackName: stack.name,
    ChangeSetName: changeSetName({ purpose: 'import', digest: release.manifest.digest }),
    ChangeSetType: 'IMPORT',
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    Description: `edgepass deployment of ${release.manifest.environment}: what was kept`,
    ...(await templateText(aws, { text, stack, release })),
    Parameters:
      present === undefined
        ? Object.entries(parameters.values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))
        : Object.keys(live.parameters).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    ResourcesToImport: kept.map(({ resource, type, thing }) => ({
      ResourceType: type,
      LogicalResourceId: resource,
      ResourceIdentifier: { ...thing.identifier },
    })),
  };
}

/** In the request, or by the bucket when it is too large for one. */
async function templateText(
  aws: Aws,
  { text, stack, release }: { text: string; stack: SurveyedStack['stack']; release: Release },
): Promise<TemplateInput> {
  const bytes = Buffer.from(text);
  if (!isLargeText(bytes.length)) return { TemplateBody: text };
  const { account } = release.manifest;
  const digest = sha256(bytes);
  const { region } = stack;
  const key = templateKey(digest, stack);
  const upload = { region, bucket: bucketName({ account, region }), key, bytes, contentType: 'application/json' };
  await packageRelease(aws, release, [upload]);
  return { TemplateURL: templateUrl(account, stack, digest) };
}

async function objectionsTo(
  made: MadeChangeSet,
  { aws, found: { stack, kept }, release }: { aws: Aws; found: SurveyedStack; release: Release },
): Promise<Diagnostic[]> {
  if (made.status === 'ready') {
    const other = made.changes.filter((change) => !isImportOf(change, kept));
    return other.map(({ ResourceChange: change }) =>
      refused(stack.id, `it would also ${change?.Action ?? 'change'} ${change?.LogicalResourceId ?? 'something'}`),
    );
  }
  const api = await aws.clients.cloudFormation(stack.region);
  const findings = await findingsOf(api, { changeSet: made.id, placeOf: placeOf(release, stack.template) });
  const failures = findings.filter(({ mode }) => mode === 'FAIL');
  return failures.length > 0 ? failures.map(findingDiagnostic) : [refused(stack.id, harmless(made.reason))];
}

function refused(stack: string, reason: string): Diagnostic {
  return {
    code: 'EP7201',
    severity: 'error',
    message: `What was kept cannot be taken up again by ${stack}: ${reason}`,
    hint: 'Mend what AWS names, then run the command again. What was kept is as it was.',
  };
}

function isImportOf({ ResourceChange: change }: Change, kept: readonly Kept[]): boolean {
  return change?.Action === 'Import' && kept.some(({ resource }) => resource === change.LogicalResourceId);
}

/**
 * After an import CloudFormation runs the update handler of each resource, for tags. That it leaves the content alone is
 * seen, and promised nowhere; a generated value above all must not be generated anew. So it is looked at before anything is
 * made that uses it.
 */
async function changedContent(
  aws: Aws,
  { resource, type, name, thing }: Kept,
  { found: { stack }, resume }: { found: SurveyedStack; resume: string },
): Promise<Diagnostic[]> {
  const kind = KEPT_TYPES[type];
  if (thing.content === undefined || kind?.restoring === undefined) return [];
  const now = await kind.find(aws, { name, region: stack.region });
  if (now === undefined || now.content === thing.content) return [];
  return [
    {
      code: 'EP7309',
      severity: 'error',
      message: `${kind.noun} ${name} has another content since it was taken up again as ${resource} (${stack.id}). Nothing uses that content yet.`,
      hint: `Bring back the former one: \`${kind.restoring(now, thing.content)}\`. Then run \`${resume}\` again: it goes on.`,
    },
  ];
}
