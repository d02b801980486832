/**
 * The deployment file of one stack, with which CloudFormation deploys it from a git repository by itself ("Git sync").
 * Source: CloudFormation User Guide, "Git sync", "Deployment file". Pure.
 */
import { stringify } from 'yaml';
import type { Diagnostic } from '../report/diagnostic.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import type { Manifest, ManifestStack } from './manifest.ts';

export interface DeploymentFileOptions {
  /** Where the template stands in the repository. */
  template: string;
  /** Values of parameters, by name. */
  given: Readonly<Record<string, string>>;
  /** Name of the artifact bucket in the Region of the stack. */
  bucket: string;
}

/** What Git sync takes of either. */
const MOST = 50;

/** Faults: EP7811; EP7813 is a warning. */
export function deploymentFile(
  manifest: Manifest,
  stack: ManifestStack,
  { template, given, bucket }: DeploymentFileOptions,
): Outcome<string> {
  const diagnostics: Diagnostic[] = [];
  const parameters: Record<string, string> = {};
  for (const [name, source] of Object.entries(stack.parameters)) {
    const value = given[name];
    if (value !== undefined) parameters[name] = value;
    else if ('artifactBucket' in source) parameters[name] = bucket;
    else if ('output' in source) diagnostics.push(missing(stack, { name, from: source.from }));
    else if (source.default === null) diagnostics.push(missing(stack, { name }));
    else parameters[name] = typeof source.default === 'string' ? source.default : JSON.stringify(source.default);
  }
  for (const name of Object.keys(given))
    if (!Object.hasOwn(stack.parameters, name))
      diagnostics.push({
        code: 'EP7811',
        severity: 'error',
        message: `${stack.id} has no parameter ${name}.`,
        hint: `It has ${Object.keys(stack.parameters).join(', ') || 'none'}.`,
      });
  if (Object.values(stack.parameters).some((source) => 'artifactBucket' in source))
    diagnostics.push({
      code: 'EP7813',
      severity: 'warning',
      message: `The code of ${stack.id} is in the artifact bucket, and Git sync uploads nothing.`,
      hint: `Run \`edgepass package --env ${manifest.environment}\` before the template is committed.`,
    });
  const tags = Object.entries({
    'edgepass:project': manifest.project,
    'edgepass:environment': manifest.environment,
    ...manifest.tags,
  }).slice(0, MOST);
  const content = {
    'template-file-path': template,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    tags: Object.fromEntries(tags),
  };
  return outcome(
    `${stringify(content, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`,
    diagnostics,
  );
}

function missing({ id }: ManifestStack, { name, from }: { name: string; from?: string }): Diagnostic {
  const origin = from === undefined ? '' : `, an output of ${from}`;
  return {
    code: 'EP7811',
    severity: 'error',
    message: `${id} needs a value for parameter ${name}${origin}.`,
    hint: `Add \`--parameter ${name}=<value>\`${from === undefined ? '' : '; `edgepass status` prints the outputs'}.`,
  };
}
