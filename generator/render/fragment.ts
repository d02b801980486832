/** One template file of a stack, from text to sections. */
import type { Json } from '../modules/contract.ts';
import { type Diagnostic, hasErrors } from '../report/diagnostic.ts';
import type { Fragment, TemplateObject } from './contribute.ts';
import type { Format, StackContext } from './format.ts';
import { SECTION_NAMES } from './rendered-stack.ts';
import { checkIds } from './template-ids.ts';
import type { RenderedTemplate, Template } from './template-library.ts';
import { checkNames } from './template-names.ts';

const NAMES = `The sections are ${SECTION_NAMES.join(', ')}.`;

export interface FragmentResult {
  diagnostics: Diagnostic[];
  fragment?: Fragment;
}

interface RenderFragmentArgs {
  module: string;
  template: Template;
  view: { [name: string]: Json };
  format: Format;
  context: StackContext;
}

/** Checks the names of a template against its view and the plan, then renders and parses it. */
export function renderFragment({ module, template, view, format, context }: RenderFragmentArgs): FragmentResult {
  const before = [...template.diagnostics, ...checkNames(template.names, view), ...checkIds(template.ids, context)];
  if (hasErrors(before)) return { diagnostics: before };
  const rendered = template.render({ view, format, context });
  const sections = sectionsOf(rendered, template.file);
  const diagnostics = [...before, ...rendered.diagnostics, ...sections.diagnostics];
  if (hasErrors(diagnostics)) return { diagnostics };
  return { diagnostics, fragment: { module, template: sections.template, places: rendered.places } };
}

function sectionsOf(
  { value, places }: RenderedTemplate,
  file: string,
): { template: TemplateObject; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const template: TemplateObject = {};
  const fault = (part: Json, says: { message: string; hint: string }): void => {
    const place = part !== null && typeof part === 'object' ? places.get(part) : undefined;
    diagnostics.push({ code: 'EP4015', severity: 'error', ...says, place: place ?? { file } });
  };
  if (value === undefined) return { template, diagnostics };
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    fault(value, { message: 'A template must be a map of sections', hint: NAMES });
    return { template, diagnostics };
  }
  for (const [name, section] of Object.entries(value)) {
    // Every template has this one; ours is set for all, so a file may state it or not.
    if (name === 'AWSTemplateFormatVersion') continue;
    // A section whose entries are all in branches not taken.
    if (section === null) continue;
    if (!SECTION_NAMES.some((known) => known === name)) {
      const hint = name === 'Description' ? 'State it in stacks of module.ts.' : NAMES;
      fault(section, { message: `Section ${name} is not allowed in a template file`, hint });
    } else if (typeof section !== 'object' || Array.isArray(section)) {
      fault(section, { message: `Section ${name} must be a map`, hint: 'Write logical ids with their definitions.' });
    } else {
      template[name] = section;
    }
  }
  return { template, diagnostics };
}
