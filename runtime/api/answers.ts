/** From what an operation gives to an answer over HTTP. Nothing of it may be kept by a cache: tokens are in it. */
import type { ApiResult } from './event.ts';
import { type Problem, problemDocument, statusOf } from './problems.ts';

/** What an operation gives. Without a body the answer has none. */
export interface Reply {
  status: number;
  body?: object;
}

const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function answerOf({ status, body }: Reply): ApiResult {
  if (body === undefined) return { statusCode: status, headers: { ...ALWAYS }, body: '' };
  const headers = { ...ALWAYS, 'content-type': 'application/json' };
  return { statusCode: status, headers, body: JSON.stringify(body) };
}

export function problemAnswer(problem: Problem): ApiResult {
  return {
    statusCode: statusOf(problem.code),
    headers: { ...ALWAYS, 'content-type': 'application/problem+json', ...problem.headers },
    body: JSON.stringify(problemDocument(problem)),
  };
}
