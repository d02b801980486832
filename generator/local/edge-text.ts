/** The text of the function that checks tokens, as `generate` writes it. */
import { bundle } from '../bundle/bundle.ts';
import type { Plan } from '../modules/plan-types.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';

export interface EdgeText {
  /** Id of the function, e.g. that of its bundle. */
  id: string;
  text: string;
  sha256: string;
  /** Whether refusals say why. */
  exposesReason: boolean;
}

/** Bundles and proves that one function. It is known by its flags, so that nothing here knows which module has it. */
export async function edgeText(
  { functions, environment }: Plan,
  options: { root: string; cacheDir: string | undefined },
): Promise<Outcome<EdgeText>> {
  const found = functions.find((fn) => fn.kind === 'edge-function' && fn.flags.UNMATCHED_PASS !== undefined);
  if (found?.kind !== 'edge-function')
    return failed({
      code: 'EP8005',
      severity: 'error',
      message: 'The environment has no function that checks tokens.',
      hint: 'Switch on the module that has it.',
      environment: environment.name,
    });
  const { root, cacheDir } = options;
  const bundles = await bundle([found], { root, ...(cacheDir === undefined ? {} : { cacheDir }) });
  if (!bundles.ok) return bundles;
  const [made] = bundles.value;
  if (made === undefined) throw new Error('no bundle and no fault');
  const text = Buffer.from(made.bytes).toString();
  return outcome(
    { id: found.id, text, sha256: made.sha256, exposesReason: found.flags.EXPOSE_REASON === true },
    bundles.diagnostics,
  );
}
