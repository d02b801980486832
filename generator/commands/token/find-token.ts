/** Where a token stands in what people have at hand: alone, or in a playback URL's path or query. */
import { malformedTokenLength, matchToken } from '../../../runtime/token/token-text.ts';

export interface FoundToken {
  text: string;
  /** `the text`, `path segment 1`, `query parameter "token"`. */
  where: string;
}

/** The token of a text, whole or malformed; `undefined` for a URL that has nothing like one. Anything but a URL is a token. */
export function findToken(text: string): FoundToken | undefined {
  if (!/^https?:\/\/|^\//i.test(text)) return { text, where: 'the text' };
  const candidates = candidatesOf(text);
  return (
    candidates.find((candidate) => matchToken(`/${candidate.text}`) !== null) ??
    candidates.find((candidate) => malformedTokenLength(`/${candidate.text}`) > 0) ??
    candidates.find((candidate) => /(?:^|\.)eyJ[\w-]{8,}/.test(candidate.text))
  );
}

function candidatesOf(url: string): FoundToken[] {
  const [sent = ''] = url.split('#');
  const mark = sent.indexOf('?');
  const path = (mark === -1 ? sent : sent.slice(0, mark)).replace(/^https?:\/\/[^/]*/i, '');
  const query = mark === -1 ? '' : sent.slice(mark + 1);
  const segments = path.split('/').slice(1);
  const found = segments.map((text, index) => ({ text, where: `path segment ${index + 1}` }));
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals !== -1)
      found.push({ text: pair.slice(equals + 1), where: `query parameter "${pair.slice(0, equals)}"` });
  }
  return found;
}
