/** What the render stage hands to write, package and deploy. */
import type { Placement } from '../modules/contract.ts';
import type { TemplateObject } from './contribute.ts';
import type { ParameterSource } from './format.ts';

export interface RenderedStack {
  /** `<module>.<stack>`. */
  id: string;
  /** CloudFormation stack name. */
  name: string;
  placement: Placement;
  region: string;
  /** File name in the output folder, `<module>-<stack>.template.yaml`. */
  file: string;
  /** The canonical text. */
  body: string;
  /** The same as data, in long form. */
  template: CloudFormationTemplate;
  /** Every parameter of the template and where its value comes from, by name. */
  parameters: { name: string; source: ParameterSource }[];
  /** Logical id of each output → description. */
  outputs: Record<string, string>;
}

export type CloudFormationTemplate = { AWSTemplateFormatVersion: string; Description: string } & Partial<
  Record<SectionName, TemplateObject[string]>
>;

/** Sections that template files may have. */
export const SECTION_NAMES = ['Metadata', 'Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'] as const;

export type SectionName = (typeof SECTION_NAMES)[number];
