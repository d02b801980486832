// Size of the demo page, and how soon Chromium can use it: `npm run bench -- page`.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/bench/page.ts', ({ main }) => main());
