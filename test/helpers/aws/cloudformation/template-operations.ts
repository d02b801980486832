/** Operations about templates. */
import type {
  GetTemplateInput,
  GetTemplateOutput,
  GetTemplateSummaryInput,
  GetTemplateSummaryOutput,
  ValidateTemplateInput,
  ValidateTemplateOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import { readTemplate, requiredCapabilities } from './inputs.ts';
import type { CloudFormation } from './model.ts';
import type { Template } from './template.ts';

export function getTemplate(cf: CloudFormation, input: GetTemplateInput): GetTemplateOutput {
  const template =
    input.ChangeSetName === undefined
      ? cf.get(input.StackName).deployment?.template
      : cf.getChangeSet(input.ChangeSetName, input.StackName).changeSet.deployment.template;
  if (!template) throw validationError(`Template not found for stack [${input.StackName}]`);
  return { TemplateBody: template.text, StagesAvailable: ['Original', 'Processed'] };
}

export function getTemplateSummary(cf: CloudFormation, input: GetTemplateSummaryInput): GetTemplateSummaryOutput {
  const template =
    input.StackName === undefined ? readTemplate(cf, input, undefined) : cf.get(input.StackName).deployment?.template;
  if (!template) throw validationError(`Template not found for stack [${input.StackName}]`);
  return {
    ...summary(template),
    Parameters: Object.entries(template.parameters).map(([ParameterKey, one]) => ({
      ParameterKey,
      DefaultValue: one.default,
      ParameterType: one.type,
      NoEcho: one.noEcho,
      Description: one.description,
      ParameterConstraints: { AllowedValues: one.allowedValues ?? [] },
    })),
    ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
    Version: String(template.document.AWSTemplateFormatVersion ?? '2010-09-09'),
    ...(template.document.Metadata === undefined ? {} : { Metadata: JSON.stringify(template.document.Metadata) }),
  };
}

export function validateTemplate(cf: CloudFormation, input: ValidateTemplateInput): ValidateTemplateOutput {
  const template = readTemplate(cf, input, undefined);
  return {
    ...summary(template),
    Parameters: Object.entries(template.parameters).map(([ParameterKey, one]) => ({
      ParameterKey,
      DefaultValue: one.default,
      NoEcho: one.noEcho,
      Description: one.description,
    })),
  };
}

function summary(template: Template) {
  const { capabilities, because } = requiredCapabilities(template);
  return {
    Description: template.description,
    Capabilities: capabilities,
    ...(because === undefined ? {} : { CapabilitiesReason: because }),
    DeclaredTransforms: template.transforms,
  };
}
