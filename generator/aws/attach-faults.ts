/** What can be wrong with a distribution that the token check is to be put on. */
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Attachment } from './attach-change.ts';

/** Nothing is changed while one behaviour would stay open. */
export function attachConflicts({ conflicts }: Attachment, distribution: string): Diagnostic[] {
  return conflicts.map(({ behavior, by }) => ({
    code: 'EP7611',
    severity: 'error',
    message: `Behaviour ${behavior} of ${distribution} reaches a protected origin, and ${by} runs there on viewer events: the token check has no room.`,
    hint: 'Take that function off the behaviour (a rewrite can move to origin-request), or point the behaviour to another origin. Nothing was changed.',
  }));
}

/** What the operator has to do on the distribution; `attach` touches nothing but what it shows. */
export function attachConcerns(
  { clearText, missingPatterns, missingOrigins }: Attachment,
  distribution: string,
): Diagnostic[] {
  const found: [items: string[], message: string, hint: string][] = [
    [
      missingOrigins,
      `${distribution} has no origin of the id`,
      'Rename the origin there or in config.yaml: the token check selects origins by id.',
    ],
    [
      missingPatterns,
      `${distribution} has no behaviour of its own for`,
      'Make one for each, above the others, with the origin that config.yaml names, and attach again. Until then another behaviour answers.',
    ],
    [
      clearText,
      `${distribution} lets tokens cross the network in clear text on`,
      'Set the viewer protocol policy to HTTPS only: after a redirect it is too late.',
    ],
  ];
  return found
    .filter(([items]) => items.length > 0)
    .map(([items, message, hint]) => ({
      code: 'EP7612',
      severity: 'warning',
      message: `${message} ${items.join(', ')}.`,
      hint,
    }));
}

export function noDistribution(distribution: string): Diagnostic {
  return {
    code: 'EP7613',
    severity: 'error',
    message: `There is no distribution ${distribution} in this account.`,
    hint: 'List them: `aws cloudfront list-distributions --query "DistributionList.Items[].[Id,DomainName]"`.',
  };
}

export function notDeployed(environment: string): Diagnostic {
  return {
    code: 'EP7614',
    severity: 'error',
    message: `Environment ${environment} has no token check yet.`,
    hint: `Deploy it first: \`edgepass deploy --env ${environment}\`.`,
  };
}

export function notAsked(known: { distribution: string; environment: string; known: string | undefined }): Diagnostic {
  const { distribution, environment } = known;
  return {
    code: 'EP7615',
    severity: 'error',
    message: `Environment ${environment} is deployed for distribution ${known.known ?? 'none'}, not for ${distribution}.`,
    hint: `Set \`distribution: {attach: ${distribution}}\` in config.yaml, generate and deploy, then attach.`,
  };
}

export function changedAgain(distribution: string): Diagnostic {
  return {
    code: 'EP7616',
    severity: 'error',
    message: `Distribution ${distribution} was changed by somebody else twice while it was looked at. Nothing was changed by this run.`,
    hint: 'Find out who changes it, then run the command again.',
  };
}
