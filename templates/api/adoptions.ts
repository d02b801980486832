/** What of the settings file of "Secure Media Delivery at the Edge on AWS" (solution.context.json) belongs here. */
import type { Adoption, Json } from '../../generator/modules/contract.ts';

/** Its section says only whether that installation had an API and a demo; for whom one is here, its operator says. */
export function adoptions(file: { readonly [key: string]: Json }): Adoption[] {
  if (!Object.hasOwn(file, 'api')) return [];
  const because = 'Modules `api` and `demo` do that here, and are off until `modules` names them.';
  return [{ from: 'api', because, hint: 'See docs/api.md and docs/demo.md.' }];
}
