/** How long a client of AWS tries while somebody waits for an answer: milliseconds, twice and once more. */
export const PATIENCE = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;
