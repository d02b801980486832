/** All rules of this module, in the order in which their findings are shown. */
import type { Environment, Finding } from '../../generator/modules/contract.ts';
import { ATTACH_RULES } from './rules/attachment.ts';
import { PLAN_RULES } from './rules/pricing-plan.ts';
import { NAME_RULES } from './rules/resource-names.ts';
import { ROTATION_RULES } from './rules/rotation.ts';
import { VIEWER_RULES } from './rules/viewers.ts';
import type { BaseSettings } from './settings.ts';

const RULES = [...VIEWER_RULES, ...PLAN_RULES, ...ATTACH_RULES, ...NAME_RULES, ...ROTATION_RULES];

export function rules(settings: BaseSettings, environment: Environment): Finding[] {
  return RULES.flatMap((rule) => rule(settings, environment));
}
