/** Stops unless every environment before ENVIRONMENT in the MATRIX was deployed by this run. */
import { environments, readAll, required, stop } from './github.mjs';

const all = environments();
const here = all.indexOf(required('ENVIRONMENT'));
if (here < 0) stop('ENVIRONMENT is not in the MATRIX.');
const jobs = readAll(`actions/runs/${required('GITHUB_RUN_ID')}/jobs?filter=latest&per_page=100`, 'jobs');
const open = all
  .slice(0, here)
  .filter((name) => !jobs.some((job) => job.name === `deploy ${name}` && job.conclusion === 'success'));
if (open.length > 0) stop(`Not deployed yet by this run: ${open.join(', ')}.`);
