/** All checks of a rendered template, in the order in which their findings are shown. */
import type { Check } from './check.ts';
import { limits } from './limits.ts';
import { logRetention } from './log-retention.ts';
import { outputs } from './outputs.ts';
import { placeholders } from './placeholders.ts';
import { references } from './references.ts';
import { secrets } from './secrets.ts';
import { stateful } from './stateful.ts';
import { weakLinks } from './weak-links.ts';
import { wildcards } from './wildcards.ts';

export const CHECKS: readonly Check[] = [
  limits,
  references,
  outputs,
  weakLinks,
  stateful,
  logRetention,
  wildcards,
  secrets,
  placeholders,
];
