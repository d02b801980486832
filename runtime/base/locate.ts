import { isCanonicalPath, isPlainPath, MAX_PATH } from '../token/canonical-path.ts';
import { hasToken, malformedTokenLength, matchToken } from '../token/token-text.ts';
import { PATH_NOT_ALLOWED, type Refusal, TOKEN_MALFORMED } from '../token/verdict.ts';
import { hasCanonicalQuery, hasForeignQueryToken, takeField } from './carriage.ts';
import type { EdgeRoute, StreamText } from './edge-settings.ts';
import { settings } from './settings.ts';
import { single } from './single.ts';
import type { Visit } from './visit.ts';

/**
 * The route of a path. Routes are sorted by the build, longest prefix first, so that the first match is the longest one
 * among every stream's `paths` and `exclude`. A path that belongs to a stream under another host only is refused
 * whatever `unmatched` says, and whatever stream for all hosts lies around it: or it would go through under, say, the
 * distribution's own domain name, unchecked or by a weaker policy.
 */
function findRoute(visit: Visit): Refusal | '' {
  const routes = settings.routes;
  const path = visit.path;
  const host = FLAG_HOSTS ? single(visit.event.request.headers.host).toLowerCase() : '';
  let passedOver = 0;
  for (let i = 0; i < routes.length; i++) {
    const route = routes[i] as EdgeRoute;
    const prefix = route.prefix;
    if (path.startsWith(prefix)) {
      if (!FLAG_HOSTS || !route.hosts || route.hosts.indexOf(host) >= 0) {
        if (FLAG_HOSTS && !route.hosts && passedOver > prefix.length) return PATH_NOT_ALLOWED;
        visit.route = route;
        visit.stream = settings.streams[route.streams[0] as number] as StreamText;
        return '';
      }
      passedOver = passedOver || prefix.length;
    }
  }
  return FLAG_UNMATCHED_PASS && !passedOver ? '' : PATH_NOT_ALLOWED;
}

/**
 * Steps 1 to 3: is the path canonical, where is the token, whose stream is it? What is refused here is refused in every
 * mode: nothing before the stream has a mode, and what is forwarded must be the string that was checked.
 *
 * Which carriage counts is known with the stream, and the stream with the path that is left when the token is out. So a
 * first segment that is meant to be a token is taken out by grammar alone, whatever the carriage; the stream is found by
 * what is left; and if that stream does not carry its token in the path, the request has a token where none is read. The
 * rest of the path, the stream's own parameter, cookie or header, and the query parameters of other streams may hold no
 * second token. Cookies and headers of other streams are not refused, since browsers and players send them to every
 * path; they are never read and never forwarded.
 */
export function locate(visit: Visit): Refusal | '' {
  const uri = visit.path;
  // A well-formed token is canonical by its grammar, so that only what stands behind it is left to look at.
  const token = matchToken(uri);
  let taken = token ? (token[0] as string).length : 0;
  let path = token ? uri.slice(taken) : uri;
  const isPlain = token && isPlainPath(path);
  if (uri.length > MAX_PATH || !(isPlain || isCanonicalPath(path))) return '400 path_not_canonical';
  if (!token) {
    taken = malformedTokenLength(uri);
    if (taken) path = uri.slice(taken);
  }
  if (!isPlain && hasToken(path)) return TOKEN_MALFORMED;
  visit.path = path;
  visit.token = taken ? token : undefined;
  const refusal = findRoute(visit);
  const stream = visit.stream;
  // Nobody would verify a token in front of a path of no stream. Taken out unverified, anything of its form would take a
  // request past the cache behaviour that the path without it has; left in, the origin would see it.
  if (!stream) return taken ? PATH_NOT_ALLOWED : refusal;
  if (FLAG_QUERY || FLAG_COOKIE || FLAG_HEADER || FLAG_BIND_QUERY) {
    const request = visit.event.request;
    if (stream.in && (taken || !takeField(visit, stream))) return TOKEN_MALFORMED;
    if (FLAG_QUERY && hasForeignQueryToken(request, stream)) return TOKEN_MALFORMED;
    if ((stream.in === 'query' || stream.qs) && !hasCanonicalQuery(request)) return '400 query_not_canonical';
  }
  return '';
}
