/** What there is to say about an environment before it runs here. */
import type { LocalAssets } from '../../local/assets.ts';
import type { Environment } from '../../modules/contract.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import type { DevOptions } from './options.ts';

export function noticesOf(environment: Environment, assets: LocalAssets, { host, origin }: DevOptions): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (host !== '127.0.0.1' && host !== '::1')
    found.push({
      code: 'EP8008',
      severity: 'warning',
      message: 'Everybody on the network of this machine can issue tokens of this local edge.',
      hint: 'They are good here only; end it when the phone is done.',
    });
  for (const [name, { paths }] of Object.entries(environment.streams))
    for (const path of paths)
      if (path === '/' || /^\/(?:api|assets|~country)\//.test(path))
        found.push({
          code: 'EP8009',
          severity: 'warning',
          message: `Stream \`${name}\` has the path ${path}: below it the local edge answers some requests itself (/, /api/, files of its page).`,
          hint: 'The rest goes through the function. In a deployment all of it does.',
          environment: environment.name,
        });
  if (assets.added.length > 0)
    found.push({
      code: 'EP8007',
      severity: 'notice',
      message: `config.yaml leaves something to show; the local edge has assets of its own: ${assets.added.join(', ')}.`,
      hint: 'They are the test stream, here only. Your own go to `assets:`.',
    });
  if (assets.assets.length === 0)
    found.push({
      code: 'EP8010',
      severity: 'warning',
      message:
        origin === undefined
          ? 'The environment has no stream, so that there is nothing to play.'
          : 'config.yaml has no assets, and of what your origin has nothing is known.',
      hint: origin === undefined ? 'Define one under `streams:`.' : 'Say under `assets:` what can be played.',
      environment: environment.name,
    });
  return found;
}
