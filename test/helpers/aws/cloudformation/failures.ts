/** Failures that a test orders in advance. */
export type Phase = 'create' | 'update' | 'delete' | 'rollback' | 'import';

export interface OrderedFailure {
  stack: string;
  /** Logical id. */
  resource: string;
  phase: Phase;
  reason: string;
  /** How often; once if not said. */
  times?: number;
}

export interface OrderedFinding {
  stack: string;
  resource: string;
  /** E.g. `/Resources/Bucket/Properties/BucketName`. */
  path: string;
  reason: string;
  name?:
    | 'PROPERTY_VALIDATION'
    | 'NAME_CONFLICT_VALIDATION'
    | 'BUCKET_EMPTINESS_VALIDATION'
    | 'SERVICE_QUOTA_VALIDATION';
  /** FAIL if not said: WARN lets the change set succeed. */
  mode?: 'FAIL' | 'WARN';
}

export class Failures {
  #failures: OrderedFailure[] = [];
  #findings: OrderedFinding[] = [];

  add(failure: OrderedFailure): void {
    this.#failures.push({ ...failure });
  }

  /** Why this fails now, if it was ordered to. Takes the order off the list. */
  take(stack: string, resource: string, phase: Phase): string | undefined {
    const index = this.#failures.findIndex(
      (one) => one.stack === stack && one.resource === resource && one.phase === phase,
    );
    const failure = this.#failures[index];
    if (!failure) return undefined;
    failure.times = (failure.times ?? 1) - 1;
    if (failure.times <= 0) this.#failures.splice(index, 1);
    return failure.reason;
  }

  addFindings(findings: readonly OrderedFinding[]): void {
    this.#findings.push(...findings);
  }

  /** What early validation finds in the next change set of a stack. */
  takeFindings(stack: string): OrderedFinding[] {
    const taken = this.#findings.filter((one) => one.stack === stack);
    this.#findings = this.#findings.filter((one) => one.stack !== stack);
    return taken;
  }
}
