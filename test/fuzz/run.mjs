// Runs the token fuzzer: `npm run fuzz -- --cases 1000000`.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/fuzz/tokens.ts', async ({ main }, file) => {
  process.exitCode = await main(process.argv.slice(2), file);
});
