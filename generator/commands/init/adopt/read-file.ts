/**
 * Reads the settings file of an installation of "Secure Media Delivery at the Edge on AWS".
 *
 * Format: `source/solution.context.json` of the repository aws-solutions/secure-media-delivery-at-the-edge-on-aws, as its
 * wizard (`source/bin/wizard`) writes it and its validators (`source/helpers/validators`) take it, read at version
 * 1.2.6 (November 2024; the same members since 1.0.0). One JSON object:
 * - `main`: `stack_name`, `rotate_secrets_frequency` (m, 24h, 1w, 1m), `rotate_secrets_pattern` (cron, or `P` in the
 *   template), `wcu` and `retention` (numbers as text), `metrics`, `assets_bucket_name`
 * - `api`: `demo` · `hls`, `dash`: `hostname` (with scheme), `url_path` (of one asset), `ttl` (`+3h`)
 * - `sessionRevocation`: table, columns and weights of the detection of leaked sessions
 */
import { load, type SourceDocument } from '../../../config/load.ts';
import type { Json } from '../../../modules/contract.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../../report/diagnostic.ts';
import type { Io } from '../../command.ts';
import { readText } from '../../token/read-text.ts';
import { isDraft } from '../draft.ts';

export interface SettingsFile {
  /** As the user named it. */
  name: string;
  data: { readonly [key: string]: Json };
  /** For positions; a file that is JSON and no YAML has none. */
  source: SourceDocument | undefined;
}

/** The wizard's files have 2 KiB. */
const MAX_BYTES = 256 * 1024;

const MAIN = ['stack_name', 'rotate_secrets_frequency', 'wcu', 'retention'];

export async function readSettingsFile(name: string, io: Io): Promise<Outcome<SettingsFile>> {
  const hint = 'Name the `solution.context.json` in the `source` folder of that installation.';
  const text = await readText({ name, io, max: MAX_BYTES, code: 'EP7711', hint });
  if (!text.ok) return text;
  let data: unknown;
  try {
    data = JSON.parse(text.value);
  } catch {
    return failed(otherForm(name, 'it is not JSON'));
  }
  if (!isDraft(data)) return failed(otherForm(name, 'it is not a JSON object'));
  const { main } = data;
  if (!isDraft(main)) return failed(otherForm(name, 'it has no object `main`'));
  const missing = MAIN.filter((member) => !Object.hasOwn(main, member));
  if (missing.length > 0) return failed(otherForm(name, `\`main\` has no \`${missing.join('`, `')}\``));
  const source = load(name, text.value);
  return outcome({ name, data: data as SettingsFile['data'], source: source.ok ? source.value : undefined });
}

function otherForm(name: string, why: string): Diagnostic {
  return {
    code: 'EP7712',
    severity: 'error',
    message: `${name} is no settings file of "Secure Media Delivery at the Edge on AWS": ${why}.`,
    hint: `Expected is the JSON that its wizard writes: an object with \`main\`, which has \`${MAIN.join('`, `')}\`.`,
    place: { file: name === '-' ? 'standard input' : name },
  };
}
