/**
 * An error as it may be shown. Lambda writes what a handler throws into the log, with message, stack and cause, and Step Functions
 * keeps it with the execution. What AWS or a library says may quote the request, and with it keys; ours do not.
 */

/** Errors of ours by name: their messages are written to be read by anybody who may read logs. */
const OURS = /^(?:KeysRefusal\.\w+|RecordError|ConflictError|SeedFault)$/;

/** One word, as names of errors and codes are. A key has digits. */
const WORD = /^[A-Za-z_.]{1,80}$/;

/** What IAM says of a request that it refuses: the principal, the action, the resource. Source: IAM User Guide, "Troubleshoot access denied error messages". */
const REFUSED =
  /^User: arn:[\w:/+=,.@-]+ is not authorized to perform: ([\w-]+:\w+)(?: on resource: (arn:[\w:/.*-]{1,300}))?/;

/** Where code stands, for errors that are none of AWS. */
const FRAME = /^ {4}at [\w.<>[\] ]{0,100}\(?(?:file:\/\/)?[\w./@-]{1,200}:\d+:\d+\)?$/;

export function isOurs(error: unknown): error is Error & { code: string } {
  return error instanceof Error && OURS.test(error.name) && 'code' in error && typeof error.code === 'string';
}

/** The error itself where it is ours; else one of the same name that says no more than kind, place in the code, and request of AWS. */
export function plainError(error: unknown): Error {
  if (isOurs(error)) return error;
  const { name, message, stack, cause, code = cause?.code, $metadata: request } = (error ?? {}) as Partial<Foreign>;
  const { requestId, httpStatusCode } = request ?? {};
  const [, action, resource] = REFUSED.exec(String(message)) ?? [];
  const parts = [
    ...(isWord(code) && code !== name ? [code] : []),
    ...(action === undefined
      ? []
      : [`not authorized to perform ${action}${resource === undefined ? '' : ` on ${resource}`}`]),
    ...(typeof httpStatusCode === 'number' ? [`HTTP ${httpStatusCode}`] : []),
    ...(/^[\w-]{1,80}$/.test(requestId ?? '') ? [`request ${requestId}`] : []),
  ];
  const plain = new Error(
    parts.length === 0 ? 'its words are not told, because they may quote keys' : parts.join(', '),
  );
  plain.name = isWord(name) ? name : 'Error';
  const frames = String(stack)
    .split('\n')
    .filter((line) => FRAME.test(line));
  plain.stack = [`${plain.name}: ${plain.message}`, ...frames].join('\n');
  return plain;
}

interface Foreign {
  name: unknown;
  message: unknown;
  code: unknown;
  stack: unknown;
  cause: { code?: unknown };
  $metadata: { requestId?: string; httpStatusCode?: number };
}

function isWord(text: unknown): text is string {
  return typeof text === 'string' && WORD.test(text);
}
