/** What usually helps when AWS could not make a resource: by the words of its reason. */
const ADVICE: readonly [reason: RegExp, advice: string][] = [
  [
    /not authorized|AccessDenied|access denied|is not allowed to/i,
    'Give the role that deploys the permission named above; `edgepass permissions deploy` prints what it needs.',
  ],
  [
    /already exists|AlreadyExists|CNAMEAlreadyExists/i,
    'Something of that name is in the account already: remove or rename it, or set another name in config.yaml.',
  ],
  [
    /limit|quota|TooMany|exceeded the maximum/i,
    'A quota of the account is used up: raise it (Service Quotas), or remove what is no longer needed. `edgepass doctor` lists the ones that matter.',
  ],
  [/rate exceeded|throttl/i, 'AWS was asked too often at once: deploy again in a few minutes.'],
  [
    /internal (failure|error)|service unavailable|ServiceUnavailable/i,
    'The fault is on the side of AWS: deploy again in a few minutes.',
  ],
  [
    /certificate|\bACM\b/i,
    'See that the certificate is in us-east-1, issued, and covers every host name of the distribution.',
  ],
  [/does not exist|not found|NoSuch/i, 'What the resource refers to is not there: look at the value in config.yaml.'],
  [
    /invalid|malformed|validation|not supported|must be|properties/i,
    'Correct the setting in config.yaml that this value comes from: `edgepass explain <path>` says where it is from.',
  ],
];

/** A sentence, or nothing when the reason is an unusual one. */
export function failureAdvice(reason: string): string {
  return ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? '';
}
