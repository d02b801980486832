/** Things that go wrong between the caller and a service: ordered by tests, met by the next requests that fit. */
export type FaultError = { code: string; message: string; status: number } | 'reset' | 'throttle' | { delayMs: number };

export interface Fault {
  /** As in the credential scope: `cloudformation`, `s3`, …; any if unset. */
  service?: string;
  operation?: string;
  region?: string;
  /** How many requests; one if unset, `Infinity` until cleared. */
  times?: number;
  /** `after`: the request is done, only its answer is lost. */
  when?: 'before' | 'after';
  error: FaultError;
}

export class Faults {
  #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
  }

  take(request: { service: string; operation: string; region: string }): Fault | undefined {
    const index = this.#faults.findIndex(
      ({ service, operation, region }) =>
        (service ?? request.service) === request.service &&
        (operation ?? request.operation) === request.operation &&
        (region ?? request.region) === request.region,
    );
    const fault = this.#faults[index];
    if (!fault) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.#faults.splice(index, 1);
    return { ...fault };
  }
}

/** What AWS says to expired credentials, and to a missing permission. */
export const EXPIRED = {
  code: 'ExpiredToken',
  message: 'The security token included in the request is expired',
  status: 403,
} as const;
export const DENIED = {
  code: 'AccessDenied',
  message: 'User is not authorized to perform this action',
  status: 403,
} as const;
