/**
 * What the SDK throws, as diagnostics. Texts of AWS are repeated only where they cannot hold a secret: the one about a
 * wrong signature quotes the request with its session token.
 */
import { type Diagnostic, failed, type Outcome } from '../report/diagnostic.ts';
import { Refusal } from './refusal.ts';

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $service?: string;
}

const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
const INVALID =
  /^(InvalidClientTokenId|UnrecognizedClient(Exception)?|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AuthFailure|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken)$/;
const NONE = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|Forbidden|NotAuthorized)$/;
const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|ProvisionedThroughputExceededException|RequestThrottled(Exception)?|TooManyRequestsException|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded)$/;
const WRONG_REGION =
  /^(OptInRequired|PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|RegionDisabledException)$/;
const MISSING =
  /^(NoSuchKey|NotFound|NoSuchBucket|StackNotFoundException|ChangeSetNotFound(Exception)?|ResourceNotFoundException)$/;
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ECONNABORTED|CERT_HAS_EXPIRED|UND_ERR_.*)$/;

/** The next step is the same for all that has to do with signing in. */
const SIGN_IN = 'Sign in again (`aws sso login`, or new keys in the environment), then run the command again.';

/** Whether AWS could not be asked, so that asking again may help. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code = '', $metadata } = error as SdkError;
  return NETWORK.test(code) || name === 'TimeoutError' || ($metadata?.httpStatusCode ?? 0) >= 500;
}

export function isThrottled(error: unknown): boolean {
  return error instanceof Error && THROTTLED.test(error.name);
}

/** Whether AWS says that there is no such thing. `pattern` is held against the message where the name is a general one. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, $metadata } = error as SdkError;
  if (MISSING.test(name)) return true;
  return $metadata?.httpStatusCode === 404 || (name === 'ValidationError' && /does not exist/.test(message));
}

/** Undefined when it is no error of AWS: then it is a bug of ours. */
export function faultOf(error: unknown): Diagnostic | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code = '', $metadata } = error as SdkError;
  const says = (at: Pick<Diagnostic, 'code' | 'message' | 'hint'>): Diagnostic => ({ severity: 'error', ...at });
  if (NETWORK.test(code) || name === 'TimeoutError')
    return says({
      code: 'EP7016',
      message: `AWS cannot be reached${code ? ` (${code})` : ''}.`,
      hint: 'Look at the network, a proxy and AWS_ENDPOINT_URL, then run the command again: it goes on where it was.',
    });
  if (NONE.test(name))
    return says({
      code: /expired/i.test(message) ? 'EP7012' : 'EP7011',
      message: /expired/i.test(message) ? 'The AWS session has expired.' : 'No AWS credentials were found.',
      hint: SIGN_IN,
    });
  if ($metadata === undefined) return undefined;
  if (EXPIRED.test(name)) return says({ code: 'EP7012', message: 'The AWS credentials have expired.', hint: SIGN_IN });
  if (INVALID.test(name))
    return says({ code: 'EP7012', message: `AWS does not accept the credentials (${name}).`, hint: SIGN_IN });
  if (THROTTLED.test(name) || $metadata.httpStatusCode === 429)
    return says({
      code: 'EP7015',
      message: 'AWS limits the rate of requests of this account, also after several retries.',
      hint: 'Wait a minute and run the command again: it goes on where it was. AWS_MAX_ATTEMPTS raises the retries.',
    });
  if (WRONG_REGION.test(name))
    return says({
      code: 'EP7017',
      message: `The Region cannot be used with this account (${name}).`,
      hint: 'Enable the Region in the account, or set another one in config.yaml.',
    });
  if (DENIED.test(name) || $metadata.httpStatusCode === 403) return says(denied(message));
  const later = ($metadata.httpStatusCode ?? 0) >= 500;
  return says({
    code: later ? 'EP7016' : 'EP7018',
    message: `AWS answers: ${name}: ${harmless(message)}`,
    hint: later
      ? 'The fault is on the side of AWS. Run the command again in a minute: it goes on where it was.'
      : 'Mend what AWS names, then run the command again.',
  });
}

function denied(message: string): Pick<Diagnostic, 'code' | 'message' | 'hint'> {
  const [, who, action, resource] =
    /User: (\S+) is not authorized to perform: ([\w:-]+)(?: on resource: (\S+))?/.exec(message) ?? [];
  const what = action === undefined ? 'an action' : `${action}${resource === undefined ? '' : ` on ${resource}`}`;
  const why = /with an explicit deny in (?:an? )?([\w -]+?policy)/.exec(message)?.[1];
  return {
    code: 'EP7014',
    message: `AWS denies ${what}${who === undefined ? '' : ` to ${who}`}${why === undefined ? '' : `: an explicit deny in ${why}`}.`,
    hint: 'Print the policy that the command needs with `edgepass permissions <command>`, and attach it to that role.',
  };
}

/** One line, short, without access keys or tokens. */
export function harmless(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line
    .replace(/\b(A[KS]IA)[A-Z0-9]{12,}\b/g, '$1…')
    .replace(/[A-Za-z0-9+/=]{100,}/g, '…')
    .slice(0, 400);
}

/** Runs a stage; what AWS throws at it, and what stopped it from deep inside, becomes its diagnostics. */
export async function guarded<T>(run: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal) return failed(...error.diagnostics);
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return failed(fault);
  }
}

/** The codes that end with exit code 4: AWS refused, failed or could not be reached. The others are about input. */
const REFUSED = /^EP7(01[1-8]|02[12]|101|102|20[12367]|301|304|307|309|401|403|503|504|90[34])$/;

export function isRefusal({ code, severity }: Diagnostic): boolean {
  return severity === 'error' && REFUSED.test(code);
}
