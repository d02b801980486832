/** What `verify` and `explain` share: the request that was described, the world around it, and what the edge makes of it. */
import { IssueError } from '../../../runtime/issuer/index.ts';
import { splitUrl, type UrlParts } from '../../../runtime/issuer/split-url.ts';
import { type EdgeState, encodeState } from '../../../runtime/keys/state.ts';
import { revocationKey } from '../../../runtime/token/revocation.ts';
import type { Trace } from '../../../runtime/verify/trace.ts';
import { createVerifier } from '../../../runtime/verify/verify-request.ts';
import type { Environment } from '../../modules/contract.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import { type Args, type Command, type Io, UsageError } from '../command.ts';
import { MAX_TIME, readTime } from '../times.ts';
import { type AskedRequest, edgeEvent } from './edge-event.ts';
import { KEY_DETAILS, KEY_OPTION, readKeys } from './key-file.ts';
import { edgeStateOf } from './key-forms.ts';
import { openEnvironment } from './open-environment.ts';
import { readText } from './read-text.ts';
import { textOf } from './text-of.ts';
import { readViewer, VIEWER_OPTIONS } from './viewer-options.ts';

export const CHECK_USAGE = '<url, - for standard input> --key <file> --env <environment> [request]';

export const CHECK_OPTIONS: Command['options'] = {
  ...KEY_OPTION,
  env: { type: 'string', value: 'name', help: 'Environment (required when there are several)' },
  method: { type: 'string', value: 'GET', help: 'Request method (default: GET)' },
  ...VIEWER_OPTIONS,
  cookie: { type: 'string', value: 'name=x', multiple: true, help: 'Cookie the viewer sends' },
  revoked: { type: 'string', value: 'session', multiple: true, help: 'Session that is revoked' },
  'void-before': { type: 'string', value: 'time', help: 'Tokens issued before this time are void' },
  mode: { type: 'string', value: 'report', help: "Operator's override of the streams' modes: enforce or report" },
};

export const CHECK_DETAILS = `Nothing is sent anywhere: the check runs here, with the settings of config.yaml. What the options do not say about the request is
not there: a request without --header has no header but the host.

${KEY_DETAILS}

A key record, or the edge state itself, will do as well. What is revoked is not looked up: see --revoked.

Exit code 0: forwarded or answered; 1: refused, or the check could not be made.`;

export interface Checked {
  trace: Trace;
  environment: Environment;
  url: UrlParts;
  asked: AskedRequest;
  /** Warnings about how the key is kept. */
  diagnostics: Diagnostic[];
}

/** Throws a `UsageError`. */
export async function checkRequest(args: Args, io: Io): Promise<Outcome<Checked>> {
  const asked = readRequest(args);
  const changes = readChanges(args, asked.now);
  if (args.positionals[0] === '-' && textOf(args, 'key') === '-')
    throw new UsageError('URL and key cannot both come from standard input.', 'Put the key into a file: --key <file>.');
  const url = await readUrl(args, io);
  if (!url.ok) return url;
  const opened = await openEnvironment(args, io);
  if (!opened.ok) return opened;
  const { environment, edge } = opened.value;
  const keys = await readKeys(args, io, environment);
  if (!keys.ok) return keys;
  const known = edgeStateOf(keys.value);
  if (known === undefined) return noKeyAtEdge();
  const revoked = new Set((args.lists.revoked ?? []).map(revocationKey));
  const trace = createVerifier(environment, edge)(edgeEvent(url.value, asked), {
    state: encodeState({ ...known, ...changes }),
    hasKey: (key) => revoked.has(key),
    now: asked.now,
  });
  return outcome({ trace, environment, url: url.value, asked, diagnostics: keys.diagnostics }, keys.diagnostics);
}

function readRequest(args: Args): AskedRequest {
  const method = textOf(args, 'method') ?? 'GET';
  if (!/^[A-Z]{1,20}$/.test(method))
    throw new UsageError('--method is no request method.', 'Write it in capitals: GET.');
  const cookies = (args.lists.cookie ?? []).map((text) => {
    const [, name, value] = /^([^=;\s]+)=([^;\r\n]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(
        '--cookie has no name and value.',
        'Write it like --cookie name=value, one cookie at a time.',
      );
    return [name, value] as const;
  });
  return { ...readViewer(args), method, cookies };
}

/** What the options say of the edge state. The override is in force at the moment that counts as now. */
function readChanges(args: Args, now: number): Partial<EdgeState> {
  const voidBefore = textOf(args, 'void-before');
  const mode = textOf(args, 'mode');
  if (mode !== undefined && mode !== 'enforce' && mode !== 'report')
    throw new UsageError(
      '--mode is neither enforce nor report.',
      'Other modes cannot be put in place of the configured ones.',
    );
  return {
    ...(voidBefore !== undefined && { voidBefore: Math.floor(readTime(voidBefore, 'void-before')) }),
    ...(mode !== undefined && { override: { mode, until: Math.min(Math.floor(now) + 3600, MAX_TIME) } }),
  };
}

/** Largest URL that is read: several times what CloudFront takes. */
const MAX_URL = 65_536;
const HINT = 'Give the whole URL as the player opens it: https://<host>/<token>/<path>.';

async function readUrl(args: Args, io: Io): Promise<Outcome<UrlParts>> {
  let text = (args.positionals[0] ?? '').trim();
  if (text === '-') {
    const read = await readText({ name: '-', io, max: MAX_URL, code: 'EP6031', hint: HINT });
    if (!read.ok) return read;
    text = read.value;
  }
  try {
    return outcome(splitUrl(text));
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    return failed({ code: 'EP6031', severity: 'error', message: error.message, hint: HINT });
  }
}

function noKeyAtEdge(): { ok: false; diagnostics: Diagnostic[] } {
  return failed({
    code: 'EP6005',
    severity: 'error',
    message: 'No key of the key record has been brought to the edge yet.',
    hint: 'A key is known there from the moment that `published` says.',
  });
}
