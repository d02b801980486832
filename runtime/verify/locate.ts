import type { ViewerRequest } from '../base/event.ts';
import { LONGEST_PATH, pathFault } from './canonical-path.ts';
import { queryFault } from './canonical-query.ts';
import type { Deployment, ProtectedStream } from './deployment.ts';
import { oneValue } from './fields.ts';
import { findStream, type Match } from './find-stream.ts';
import { holdsToken, isMeantAsToken, splitToken, type TokenParts } from './split-token.ts';
import { type Finding, type Findings, passed, refused } from './steps.ts';

/** Where a request leads and what it carries. */
export interface Located {
  /** The path without the token: what is forwarded. */
  path: string;
  /** Whether there is something where the token should be. */
  isGiven: boolean;
  /** The token, where it is well-formed. */
  token: TokenParts | undefined;
  /** `undefined` when the path belongs to no stream. */
  match: Match | undefined;
}

/** The first segment of a path, and what stands behind it. */
function splitPath(uri: string): { segment: string; rest: string } {
  const end = uri.indexOf('/', 1);
  return end === -1 ? { segment: uri.slice(1), rest: '' } : { segment: uri.slice(1, end), rest: uri.slice(end) };
}

/** Step 2 for a path: a first segment that is meant to be a token is taken out, whatever the carriage. */
function takeFromPath(uri: string): { token: TokenParts | undefined; isTaken: boolean; path: string } {
  const { segment, rest } = splitPath(uri);
  const token = uri.startsWith('/') ? splitToken(segment) : undefined;
  const isTaken = token !== undefined || isMeantAsToken(segment);
  return { token, isTaken, path: isTaken ? rest : uri };
}

/** Step 2 for the other carriages: the one field that is read. A fault is the rest of a sentence about it. */
function takeFromField(
  request: ViewerRequest,
  { stream }: ProtectedStream,
): Pick<Located, 'token' | 'isGiven'> & { fault: string } {
  const { carriage } = stream;
  if (carriage.in === 'path') throw new Error('a path is no field');
  const fields = { query: request.querystring, cookie: request.cookies, header: request.headers }[carriage.in];
  const name = carriage.in === 'header' ? carriage.name.toLowerCase() : carriage.name;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) return { token: undefined, isGiven: false, fault: '' };
  const fault = field.multiValue === undefined ? '' : `has the ${carriage.in} "${name}" more than once`;
  return { token: splitToken(field.value), isGiven: field.value !== '', fault };
}

/** A query parameter in which another stream would read a token; `undefined` when there is none. */
function foreignParameter(
  request: ViewerRequest,
  at: { deployment: Deployment; owner: ProtectedStream },
): string | undefined {
  const { carriage } = at.owner.stream;
  const own = carriage.in === 'query' ? carriage.name : undefined;
  return [...at.deployment.carried.query].find((name) => name !== own && Object.hasOwn(request.querystring, name));
}

/**
 * Steps 1 to 3: is the path canonical, where is the token, whose path is it? What fails here is refused in every mode.
 *
 * The carriage is known with the stream, and the stream with the path behind the token; so a token in the path is taken
 * out first, and refused later where the stream carries its token elsewhere. Cookies and headers of other streams are no
 * second token: browsers and players send them to every path. They are never read and never forwarded.
 */
export function locate(asked: { deployment: Deployment; request: ViewerRequest; findings: Findings }): Located {
  const { deployment, request, findings } = asked;
  const { uri } = request;
  const { token, isTaken, path } = takeFromPath(uri);
  const located: Located = { path, token, isGiven: isTaken, match: undefined };
  if (!findings.add('canonical_path', checkPath(uri, token === undefined ? uri : path))) return located;

  if (holdsToken(path)) {
    findings.add('second_token', refused('token_malformed', 'The path holds a token behind its first segment.'));
    return located;
  }
  findings.add('second_token', passed('The path holds no token behind its first segment.'));

  const host = oneValue(request.headers, 'host').toLowerCase();
  const [finding, match] = findStream(deployment, { path, host });
  findings.add('stream', finding);
  if (match === undefined) {
    if (isTaken && finding.reason === undefined) {
      findings.add(
        'carriage',
        refused('path_not_allowed', 'A token stands in front of a path that no stream protects.'),
      );
    }
    return located;
  }

  const owner = match.streams[0];
  const found = { ...located, match };
  if (owner.stream.carriage.in !== 'path') {
    const { fault, ...field } = takeFromField(request, owner);
    Object.assign(found, field);
    const what = isTaken ? 'has a token in its path, where this stream has none' : fault;
    if (what !== '') {
      findings.add('carriage', refused('token_malformed', `The request ${what}.`));
      return found;
    }
  }
  const foreign = foreignParameter(request, { deployment, owner });
  if (foreign !== undefined) {
    const detail = `The request has the parameter "${foreign}", in which another stream carries its token.`;
    findings.add('carriage', refused('token_malformed', detail));
    return found;
  }
  findings.add('carriage', passed(`The token of this stream is read from the ${owner.stream.carriage.in} alone.`));

  if (owner.stream.carriage.in === 'query' || owner.boundQuery.length > 0) {
    const fault = queryFault(request);
    findings.add(
      'canonical_query',
      fault === ''
        ? passed('Every parameter name has one spelling.')
        : refused('query_not_canonical', `The query ${fault}.`),
    );
  }
  return found;
}

/** Step 1. A well-formed token is canonical by its grammar, so that what stands behind it is left to check. */
function checkPath(uri: string, checked: string): Finding {
  if (uri.length > LONGEST_PATH) {
    return refused(
      'path_not_canonical',
      `The path has ${uri.length} characters, and at most ${LONGEST_PATH} are read.`,
    );
  }
  const fault = pathFault(checked);
  if (fault !== '') return refused('path_not_canonical', `The path ${fault}.`);
  return passed('The path is in its one spelling.');
}
