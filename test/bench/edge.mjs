// The edge check beside a floor: `npm run bench -- edge`.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/bench/edge.ts');
