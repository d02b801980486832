/** The form in which asset, policy, format and country are chosen. */
import type { Asset, Format, PolicyInfo } from './answers.ts';
import { box, byId, make, say, select, show } from './dom.ts';
import { policyText } from './policy-text.ts';

export interface Choice {
  asset: string;
  /** Empty: what the asset says. */
  policy: string;
  format: Format;
  /** Empty: where the viewer is. */
  country: string;
}

export interface Offered {
  assets: readonly Asset[];
  policies: readonly PolicyInfo[];
  countries: readonly string[];
}

export function offer({ assets, policies, countries }: Offered): void {
  select('asset').replaceChildren(...assets.map(({ id, title }) => option(id, title ?? id)));
  select('policy').replaceChildren(option('', 'As the asset says'), ...policies.map(({ name }) => option(name, name)));
  show(box('country-part'), countries.length > 0);
  select('country').replaceChildren(
    option('', 'Where I am'),
    ...countries.map((code) => option(code, countryName(code))),
  );
  const follow = (): void => {
    const asset = assets.find(({ id }) => id === select('asset').value);
    const name = select('policy').value || asset?.policy;
    const policy = policies.find((one) => one.name === name);
    say(box('policy-text'), policy === undefined ? '' : policyText(policy));
    say(box('mode-text'), modeText(asset));
    show(box('mode-text'), modeText(asset) !== '');
    offerFormats(asset?.formats);
  };
  select('asset').addEventListener('change', follow);
  select('policy').addEventListener('change', follow);
  follow();
}

/** What there is to say where the edge does not refuse. */
function modeText(asset: Asset | undefined): string {
  if (asset?.mode === 'report')
    return 'Its stream is in report mode: the edge refuses nothing, and its log says what it would have refused.';
  return asset?.mode === 'off' ? 'The check of its stream is off: the edge refuses nothing.' : '';
}

export function chosen(): Choice {
  return {
    asset: select('asset').value,
    policy: select('policy').value,
    format: formats().find(({ checked }) => checked)?.value === 'dash' ? 'dash' : 'hls',
    country: select('country').value,
  };
}

/** Told when another format or country is chosen: both hold for what plays already. */
export function onSwitch(switched: (what: 'format' | 'country') => void): void {
  for (const input of formats()) input.addEventListener('change', () => switched('format'));
  select('country').addEventListener('change', () => switched('country'));
}

/** `FR` → `France`, in the language of the page. */
export function countryName(code: string): string {
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(code) ?? code;
}

function offerFormats(there: readonly Format[] = ['hls', 'dash']): void {
  for (const input of formats()) input.disabled = !there.includes(input.value as Format);
  const usable = formats().filter(({ disabled }) => !disabled);
  const [first] = usable;
  if (first !== undefined && !usable.some(({ checked }) => checked)) first.checked = true;
}

function formats(): HTMLInputElement[] {
  return [...byId('formats', HTMLFieldSetElement).querySelectorAll('input')];
}

function option(value: string, text: string): HTMLElement {
  const made = make('option', '', text);
  made.setAttribute('value', value);
  return made;
}
