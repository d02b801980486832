/** An error as AWS answers it: `code` is what the SDK turns into the name of the exception. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further headers and members of the answer, e.g. the Region of a bucket. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, { status = 400, headers = {} }: AwsErrorOptions = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export interface AwsErrorOptions {
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

/** What CloudFormation answers to nearly every mistake. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
