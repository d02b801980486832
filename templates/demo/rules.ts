/** What is worth saying before somebody deploys a demo. */
import type { Environment, Finding } from '../../generator/modules/contract.ts';
import type { DemoSettings } from './settings.ts';

type Rule = (environment: Environment) => Finding[];

const AT = '/modules/demo';

/** A demo hands out tokens to whoever has one code, and shows everybody how they are made. */
const notInProduction: Rule = ({ protected: isProtected }) =>
  when(isProtected, {
    severity: 'warning',
    rule: 'demo-in-production',
    path: AT,
    message:
      'The demo website is on in a protected environment: one access code opens the assets that are marked for it.',
    hint: 'Switch it off here with `modules: {demo: null}` in the environment.',
  });

const somethingToPlay: Rule = ({ assets }) =>
  when(!Object.values(assets).some(({ demo }) => demo), {
    severity: 'warning',
    rule: 'nothing-to-play',
    path: AT,
    message: 'No asset is marked for the demo, so its website has nothing to play.',
    hint: 'Set `demo: true` on an asset.',
  });

/** The website has no name of its own but the one CloudFront gives it, which is known once it is deployed. */
const OWN_ORIGIN = /^https:\/\/[a-z0-9]+\.cloudfront\.net$/;

/** The page asks the delivery domains for media from its own origin: browsers keep the answers from it unless CORS allows it. */
const mediaMayBeRead: Rule = ({ cors }) =>
  when(!cors.origins.some((origin) => origin === '*' || OWN_ORIGIN.test(origin)), {
    severity: 'warning',
    rule: 'demo-not-in-cors',
    path: '/cors/origins',
    message: 'The address of the demo website is not among `cors.origins`, so browsers do not let it load media.',
    hint: "Add the demo's URL (output `url`) to `cors.origins` and deploy again.",
  });

const RULES = [notInProduction, somethingToPlay, mediaMayBeRead];

export function rules(_settings: DemoSettings, environment: Environment): Finding[] {
  return RULES.flatMap((rule) => rule(environment));
}

function when(condition: boolean, finding: Finding): Finding[] {
  return condition ? [finding] : [];
}
