// Preview and deployment of an environment in which nothing changed: `npm run bench -- deploy`.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/bench/deploy.ts', ({ main }) => main());
