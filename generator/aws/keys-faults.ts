/** What the workflow of the keys says when it did not do what was asked, with what to do next. */
import type { Diagnostic } from '../report/diagnostic.ts';
import { harmless } from './faults.ts';

/** Where the workflow ran, for hints. */
export interface KeysPlace {
  environment: string;
  region: string;
  /** ARN of the execution. */
  execution: string;
}

const deployAgain = ({ environment }: KeysPlace): string =>
  `Generate and deploy with this version: \`edgepass deploy --env ${environment}\`.`;
const CLOCK = 'If you wrote a time of day: is the clock of this machine right?';

/** By the name of the error without what stands before the dot. */
const ADVICE: Readonly<Record<string, (place: KeysPlace) => string>> = {
  too_many_keys: ({ environment }) =>
    `\`edgepass keys list --env ${environment}\` says when the oldest leaves the edge. If it cannot wait, \`edgepass keys kill <kid>\` makes room and refuses the tokens of that key.`,
  spare_not_known_everywhere: ({ environment }) =>
    `Run \`edgepass keys rotate --now --env ${environment}\` again in ten minutes.`,
  key_not_found: ({ environment }) => `\`edgepass keys list --env ${environment}\` shows the ids of live keys.`,
  record_missing: ({ environment }) =>
    `The first deployment makes it: run \`edgepass deploy --env ${environment}\`. Was it deployed before, somebody has emptied the secret with the key record: put its last version back.`,
  record_of_another: () =>
    'The secret holds the key record of another environment: put its last own version back. The edge keeps the keys it has.',
  command_unknown: deployAgain,
  time_in_future: () => `Run it again in some seconds. ${CLOCK}`,
  time_in_past: () => `It was over before the workflow began: give a later one. ${CLOCK}`,
  RecordError: () =>
    'Somebody has changed the secret with the key record by hand: put its last good version back. The edge keeps the keys it has.',
};

/** `error` and `cause` as Step Functions has them: the error of the Lambda function, and its JSON. */
export function keysFailure(
  place: KeysPlace,
  { error = 'unknown', cause }: { error?: string | undefined; cause?: string | undefined },
): Diagnostic {
  const name = error.replace(/^KeysRefusal\./, '');
  const advice = Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
  const says = causeText(cause);
  const shown = /^[\w.]{1,80}$/.test(name) ? name : 'unknown';
  if (advice !== undefined)
    return {
      code: 'EP7902',
      severity: 'error',
      message: `The workflow of the keys refuses it (${shown})${says === '' ? '.' : `: ${says}`}`,
      hint: advice(place),
      environment: place.environment,
    };
  return {
    code: 'EP7903',
    severity: 'error',
    message: `The workflow of the keys failed (${shown})${says === '' ? '.' : `: ${says}`}`,
    hint: `Nothing is half done that the next run does not finish. Run the command again; if it fails again, look at \`${describeCommand(place)}\` and at the log of its function.`,
    environment: place.environment,
  };
}

/** The command of AWS that shows an execution. */
export function describeCommand({ execution, region }: Pick<KeysPlace, 'execution' | 'region'>): string {
  return `aws stepfunctions describe-execution --execution-arn ${execution} --region ${region}`;
}

/** The message in it, without anything as long as a key; a stack trace is left out. */
function causeText(cause: string | undefined): string {
  return harmless(messageIn(cause ?? '')).replace(/[\w+/=-]{40,}/g, '…');
}

function messageIn(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    // Step Functions' own causes are plain text; one that is cut in the middle is no JSON any more.
    return cause.startsWith('{') ? '' : cause;
  }
}

export function lostConnection(place: KeysPlace, fault: Diagnostic): Diagnostic[] {
  return [
    {
      code: 'EP7904',
      severity: 'error',
      message: 'The connection to AWS was lost while the workflow of the keys ran. It goes on in AWS.',
      hint: `See how it ended with \`${describeCommand(place)}\`, or with \`edgepass keys list --env ${place.environment}\`.`,
      environment: place.environment,
    },
    fault,
  ];
}

export function stoppedLooking(place: KeysPlace): Diagnostic {
  return {
    code: 'EP7023',
    severity: 'error',
    message: 'Interrupted. The workflow of the keys goes on in AWS.',
    hint: `See how it ended with \`edgepass keys list --env ${place.environment}\`.`,
  };
}

export function strangeAnswer(place: KeysPlace): Diagnostic {
  return {
    code: 'EP7905',
    severity: 'error',
    message: 'The workflow of the keys has ended, but this version does not understand its answer.',
    hint: deployAgain(place),
    environment: place.environment,
  };
}
