/** The preview of a survey, without asking AWS for change sets: what a person is shown before confirming. Pure. */
import type { PreviewReport } from './preview-report.ts';
import { PREVIEW_VERSION } from './preview-report.ts';
import { previewStack } from './preview-rows.ts';
import { risksOf } from './risks.ts';
import type { Survey } from './survey.ts';

export function summaryOf({ release, plan, changes, stacks }: Survey): PreviewReport {
  const { environment, project, account, region, protected: isProtected, digest } = release.manifest;
  const looked = stacks.map((surveyed) => {
    const stack = previewStack(surveyed, { release });
    return { stack, risks: risksOf(surveyed, { ...stack, protected: isProtected }) };
  });
  const found = {
    name: environment,
    project,
    account,
    region,
    protected: isProtected,
    manifest: digest,
    plan,
    changes,
    stacks: looked.map(({ stack }) => stack),
    risks: looked.flatMap(({ risks }) => risks),
  };
  return { version: PREVIEW_VERSION, environments: [found] };
}
