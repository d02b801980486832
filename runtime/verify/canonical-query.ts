import type { ViewerRequest } from '../base/event.ts';
import { quote } from './words.ts';

const NAME = /^[A-Za-z0-9_.~-]+$/;

function nameFault(name: string): string {
  if (name === '') return 'has a parameter without a name';
  return NAME.test(name) ? '' : `has a parameter whose name has more than one spelling: ${quote(name)}`;
}

/** What keeps the parsed form from being canonical; names and values in it are as they came. */
function parsedFault(query: ViewerRequest['querystring']): string {
  for (const [name, { value, multiValue }] of Object.entries(query)) {
    const values = [value, ...(multiValue ?? []).map((field) => field.value)];
    if (name.includes(';') || values.some((text) => text.includes(';'))) return 'has a ";"';
    const fault = nameFault(name);
    if (fault !== '') return fault;
  }
  return '';
}

/**
 * What keeps the names of a query string from having just one spelling, as the rest of a sentence about it; `''` when
 * nothing does. Where CloudFront does not give the raw query, the parsed form stands for it.
 */
export function queryFault(request: ViewerRequest): string {
  if (request.rawQueryString === undefined) return parsedFault(request.querystring);
  const raw = request.rawQueryString() ?? '';
  if (raw === '') return '';
  if (raw.includes(';')) return 'has a ";"';
  for (const parameter of raw.split('&')) {
    const fault = nameFault(parameter.split('=')[0] as string);
    if (fault !== '') return fault;
  }
  return '';
}
