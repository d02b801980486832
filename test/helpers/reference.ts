/**
 * The differential between the edge function and the reference verifier (`runtime/verify`): two readings of one
 * specification that share no code. Where they differ, one of them is wrong.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../../runtime/base/edge-settings.ts';
import type { ViewerRequestEvent } from '../../runtime/base/event.ts';
import { statusOf } from '../../runtime/token/verdict.ts';
import type { Trace, World } from '../../runtime/verify/trace.ts';
import { createVerifier } from '../../runtime/verify/verify-request.ts';
import type { EdgeResult, EdgeRun } from './njs.ts';

/** What is logged of passes and refusals, by trace: a trace does not say it. */
const logging = new WeakMap<Trace, EdgeOptions['log']>();

function eventOf(run: EdgeRun): ViewerRequestEvent {
  const event = structuredClone(run.event) as ViewerRequestEvent;
  const raw = run.rawQuery;
  if (raw !== null) event.request.rawQueryString = () => raw;
  return event;
}

function worldOf(run: EdgeRun): World {
  return {
    state: typeof run.state === 'string' ? run.state : undefined,
    hasKey: (key) => run.keys?.includes(key),
    now: run.now / 1000,
  };
}

/** The reference for the function of an environment: what it says to a run of the edge. Throws when it changes the event. */
export function reference(environment: Environment, options: EdgeOptions): (run: EdgeRun) => Trace {
  const verify = createVerifier(environment, options);
  return (run) => {
    const event = eventOf(run);
    const trace = verify(event, worldOf(run));
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(event)), JSON.parse(JSON.stringify(run.event)))) {
      throw new Error('the reference changed the event');
    }
    logging.set(trace, options.log);
    return trace;
  };
}

/** One line about a trace, in the words of the edge tables: `pass <path>` or `<status> <reason>`, whether exposed or not. */
export function traceVerdict(trace: Trace): string {
  return trace.forwarded === undefined ? `${trace.status} ${trace.reason}`.trim() : `pass ${trace.forwarded.uri}`;
}

type Compared = [what: string, reference: unknown, edge: unknown];

function answers(trace: Trace, { answer }: EdgeResult): Compared[] {
  if (answer === undefined) return [];
  if (answer.statusCode !== undefined) return [['response', trace.response, answer]];
  const forwarded = trace.forwarded;
  return [
    ['response', trace.response, undefined],
    ['path', forwarded?.uri, answer.uri],
    ['headers', forwarded?.headers, answer.headers],
    ['query', forwarded?.querystring, answer.querystring],
    ['cookies', forwarded?.cookies, answer.cookies],
  ];
}

/** Why, in which mode and for which stream, as the edge logs it: in report mode the one place that says what was wrong. */
function logLines(trace: Trace, { logs }: EdgeResult): Compared[] {
  const log = logging.get(trace);
  const isLogged = trace.outcome !== 'answered' && (trace.reason === '' ? log === 'all' : log !== 'none');
  const lines = log === undefined ? logs.length : Number(isLogged);
  const compared: Compared[] = [['number of log lines', lines, logs.length]];
  for (const line of logs) {
    const said = JSON.parse(line) as Record<string, unknown>;
    compared.push(['reason', trace.reason || 'pass', said.reason]);
    compared.push(['mode', trace.mode, said.mode]);
    compared.push(['stream', trace.stream, said.stream]);
    compared.push(['status', trace.reason === '' ? 200 : statusOf(trace.reason), said.status]);
  }
  return compared;
}

/** What was asked of the store: the state once, and the session only when everything else is fine. */
function reads(trace: Trace, result: EdgeResult): Compared[] {
  const made = (check: string): boolean =>
    trace.steps.some((step) => step.check === check && (check === 'state' || step.outcome !== 'skipped'));
  const kinds = [...(made('state') ? ['get'] : []), ...(made('revocation') ? ['exists'] : [])];
  return [['reads of the store', kinds, result.reads.map((read) => read.split(' ')[0])]];
}

/** What reference and edge differ in, a sentence each; empty when they agree on everything. */
export function differences(trace: Trace, result: EdgeResult): string[] {
  if (result.threw !== undefined) return [`the edge threw: ${result.threw}`];
  const compared = [
    ...answers(trace, result),
    ...logLines(trace, result),
    ...reads(trace, result),
    ['origin', trace.forwarded?.origin, result.origin] as Compared,
  ];
  const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  return compared
    .filter(([, left, right]) => !isDeepStrictEqual(plain(left), plain(right)))
    .map(([what, left, right]) => `${what}: reference ${JSON.stringify(left)}, edge ${JSON.stringify(right)}`);
}
