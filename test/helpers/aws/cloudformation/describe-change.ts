/** A change as DescribeChangeSet shows it: with or without values, and without secrets. */
import type { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { MASKED } from './parameters.ts';
import type { Deployment } from './records.ts';

export function describeChange(
  change: ResourceChange,
  { values, deployment }: { values: boolean; deployment: Deployment },
): Change {
  if (!values) {
    const { BeforeContext: _, AfterContext: __, PreviousDeploymentContext: ___, ...rest } = change;
    return { Type: 'Resource', ResourceChange: { ...rest, Details: withoutValues(change.Details ?? []) } };
  }
  const secrets = [...deployment.parameters.values()].flatMap(({ value, noEcho }) =>
    noEcho && value !== '' ? [value] : [],
  );
  return { Type: 'Resource', ResourceChange: masked(change, secrets) };
}

/** Several paths of one property look alike then, and are one. */
function withoutValues(details: readonly ResourceChangeDetail[]): ResourceChangeDetail[] {
  const short = details.map((detail): ResourceChangeDetail => {
    const { Attribute, Name, RequiresRecreation } = detail.Target ?? {};
    return { ...detail, Target: { Attribute, ...(Name === undefined ? {} : { Name }), RequiresRecreation } };
  });
  return [...new Map(short.map((detail) => [JSON.stringify(detail), detail])).values()];
}

function masked<T>(value: T, secrets: readonly string[]): T {
  if (typeof value === 'string') {
    return secrets.reduce<string>((text, secret) => text.replaceAll(secret, MASKED), value) as T;
  }
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, secrets)])) as T;
}
