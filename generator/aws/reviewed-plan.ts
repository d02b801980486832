/** Holds what would be deployed against what somebody reviewed. Pure. */
import type { Diagnostic } from '../report/diagnostic.ts';
import type { PreviewReport } from './preview-report.ts';
import type { KeptPlan } from './records.ts';
import type { Survey } from './survey.ts';

export interface ReviewedPlan {
  /** The plan's digest, or its first 12 characters or more. */
  digest: string;
  /** What it was made over, where the report itself was given. */
  made?: KeptPlan;
}

type Reported = PreviewReport['environments'][number];

/** The plan of one environment out of what should be a report of `preview --json`; undefined when it has none. */
export function planIn(report: unknown, environment: string): ReviewedPlan | undefined {
  const { environments } = (report ?? {}) as Partial<PreviewReport>;
  const found = Array.isArray(environments) ? environments.find((one) => one?.name === environment) : undefined;
  if (found === undefined || !isReported(found)) return undefined;
  const fingerprints = Object.fromEntries(found.stacks.map(({ id, fingerprint }) => [id, fingerprint]));
  return { digest: found.plan, made: { manifest: found.manifest, fingerprints } };
}

function isReported({ plan, manifest, stacks }: Partial<Reported>): boolean {
  const areTexts = typeof plan === 'string' && plan !== '' && typeof manifest === 'string';
  return areTexts && Array.isArray(stacks) && stacks.every((stack) => typeof stack?.id === 'string');
}

/** Whether the survey is the reviewed plan, or what is left of it after a part was deployed. */
export function isReviewed({ plan, release, stacks }: Survey, { digest, made }: ReviewedPlan): boolean {
  if (plan.startsWith(digest)) return true;
  if (made === undefined || made.manifest !== release.manifest.digest) return false;
  return stacks.every(
    ({ stack, action, fingerprint }) => action === 'none' || made.fingerprints[stack.id] === fingerprint,
  );
}

export function notReviewed({ plan, release }: Survey, { digest, made }: ReviewedPlan): Diagnostic {
  const { environment, digest: manifest } = release.manifest;
  const other = made !== undefined && made.manifest !== manifest;
  const why = other
    ? `the output has digest ${manifest.slice(0, 12)}, the reviewed one ${made.manifest.slice(0, 12)}`
    : `the plan is now ${plan.slice(0, 12)}, the reviewed one ${digest.slice(0, 12)}`;
  return {
    code: 'EP7303',
    severity: 'error',
    message: `What would be deployed to ${environment} is not what was reviewed: ${why}. Nothing was changed.`,
    hint: `Look at \`edgepass preview --env ${environment}\` again, and deploy what that says.`,
    environment,
  };
}
