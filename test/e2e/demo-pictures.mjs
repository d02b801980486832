// Makes the pictures of docs/demo.md from the page through the local edge: `node test/e2e/demo-pictures.mjs`. Look at them.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/e2e/demo-pictures.ts', ({ main }) => main());
