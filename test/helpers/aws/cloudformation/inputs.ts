/** What CreateStack, UpdateStack and CreateChangeSet have in common: the template and its inputs become a deployment. */
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { AwsError, validationError } from '../errors.ts';
import type { CloudFormation } from './model.ts';
import { resolveParameters } from './parameters.ts';
import type { Deployment, StackRecord } from './records.ts';
import { customName } from './resource-values.ts';
import { parseTemplate, type Template } from './template.ts';

export interface TemplateInput {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
  UsePreviousTemplate?: boolean | undefined;
}

export interface DeploymentInput extends TemplateInput {
  Parameters?: Parameter[] | undefined;
  Capabilities?: Capability[] | undefined;
  Tags?: Tag[] | undefined;
  RoleARN?: string | undefined;
  NotificationARNs?: string[] | undefined;
}

const BODY_LIMIT = 51_200;
const OBJECT_LIMIT = 1_048_576;

export function readDeployment(cf: CloudFormation, input: DeploymentInput, stack: StackRecord | undefined): Deployment {
  const previous = stack?.deployment;
  const template = readTemplate(cf, input, previous?.template);
  const capabilities = input.Capabilities ?? [];
  checkCapabilities(template, capabilities);
  checkTypesStay(template, stack);
  return {
    template,
    parameters: resolveParameters(template, input.Parameters ?? [], previous?.parameters ?? new Map()),
    tags: input.Tags ?? previous?.tags ?? [],
    capabilities,
    roleArn: input.RoleARN ?? previous?.roleArn,
    notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
  };
}

export function readTemplate(cf: CloudFormation, input: TemplateInput, previous: Template | undefined): Template {
  const { TemplateBody, TemplateURL, UsePreviousTemplate } = input;
  if (UsePreviousTemplate) {
    if (previous) return previous;
    throw validationError('UsePreviousTemplate cannot be true: the stack has no template');
  }
  if (TemplateBody !== undefined) {
    if (Buffer.byteLength(TemplateBody) > BODY_LIMIT) {
      throw validationError(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
      );
    }
    return parseTemplate(TemplateBody);
  }
  if (TemplateURL === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const text = cf.templates.read(TemplateURL, cf.engine.region);
  if (Buffer.byteLength(text) > OBJECT_LIMIT) {
    throw validationError('Template may not exceed 1000000 bytes in size.');
  }
  return parseTemplate(text);
}

const IAM_TYPES = new Set([
  'AccessKey',
  'Group',
  'InstanceProfile',
  'ManagedPolicy',
  'Policy',
  'Role',
  'User',
  'UserToGroupAddition',
]);

/** What the caller has to acknowledge for this template. */
export function requiredCapabilities(template: Template): { capabilities: Capability[]; because: string | undefined } {
  const iam = Object.values(template.resources).filter(({ type }) => {
    const [, service, kind] = type.split('::');
    return service === 'IAM' && IAM_TYPES.has(kind ?? '');
  });
  const named = iam.some((one) => one.type !== 'AWS::IAM::Policy' && hasName(one.type, one.properties));
  const capabilities: Capability[] = [];
  if (iam.length > 0) capabilities.push(named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM');
  if (template.transforms.length > 0) capabilities.push('CAPABILITY_AUTO_EXPAND');
  const types = [...new Set(iam.map(({ type }) => type))];
  const because =
    types.length > 0 ? `The following resource(s) require capabilities: [${types.join(', ')}]` : undefined;
  return { capabilities, because };
}

function checkCapabilities(template: Template, given: readonly Capability[]): void {
  const missing = requiredCapabilities(template).capabilities.filter(
    (one) => !given.includes(one) && !(one === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (missing.length > 0) {
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  }
}

function hasName(type: string, properties: Template['resources'][string]['properties']): boolean {
  const names = ['RoleName', 'ManagedPolicyName', 'GroupName', 'UserName', 'InstanceProfileName'];
  return customName(type, properties) !== undefined || names.some((name) => properties[name] !== undefined);
}

function checkTypesStay(template: Template, stack: StackRecord | undefined): void {
  const changed = [...(stack?.resources.values() ?? [])].filter(({ logicalId, type }) => {
    const next = template.resources[logicalId]?.type;
    return next !== undefined && next !== type;
  });
  if (changed.length === 0) return;
  const names = changed.map(({ logicalId }) => logicalId).join(', ');
  throw validationError(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
  );
}
