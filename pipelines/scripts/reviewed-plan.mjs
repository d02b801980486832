/**
 * reviewed-plan.mjs <folder>: the report of the plan that was reviewed on the pull request which brought this commit, as
 * <folder>/<ENVIRONMENT>.json. Stops where there is none: nobody has seen what would be deployed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gh, read, repository, required, stop } from './github.mjs';

const [folder] = process.argv.slice(2);
const environment = required('ENVIRONMENT');
const commit = required('GITHUB_SHA');
const branch = required('GITHUB_REF_NAME');
const BY_HAND =
  'Start the workflow `deploy` by hand: it makes a plan, and whoever approves the environment reviews it.';

const merged = read(`commits/${commit}/pulls`).filter(({ merged_at, base }) => merged_at && base.ref === branch);
const [pull] = merged;
if (pull === undefined) stop(`No pull request brought ${commit}, so nobody reviewed a plan. ${BY_HAND}`);
const query = `head_sha=${pull.head.sha}&event=pull_request&status=success&per_page=100`;
const runs = read(`actions/workflows/plan.yml/runs?${query}`).workflow_runs.filter(
  (run) => run.head_sha === pull.head.sha && run.head_repository?.full_name === repository,
);
const newest = runs.sort((a, b) => b.id - a.id)[0];
if (newest === undefined) stop(`Pull request #${pull.number} has no plan that succeeded. ${BY_HAND}`);
try {
  gh(['run', 'download', String(newest.id), '--repo', repository, '--name', `plan-${environment}`, '--dir', folder]);
} catch {
  stop(`The plan of ${environment} on pull request #${pull.number} cannot be fetched. ${BY_HAND}`);
}
if (!existsSync(join(folder, `${environment}.json`)))
  stop(`Pull request #${pull.number} has no plan of ${environment}. ${BY_HAND}`);
