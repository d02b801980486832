// The function of the token API: size, cold import, processor time a token: `npm run bench -- api`.
import { runScript } from '../helpers/bundle-script.mjs';

await runScript('test/bench/api.ts');
