/** The event of a request, with parameters called `__proto__` in it, which objects do not keep unless they are made to. */
import type { Field } from '../../runtime/base/event.ts';
import type { EdgeRun } from '../helpers/njs.ts';
import { type Asked, run } from '../runtime/base/world.ts';

/** Parameters by name as they came, undecoded; the first value and, where there are several, all of them. */
export function parseQuery(raw: string): Record<string, Field> {
  const values = new Map<string, string[]>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, list]): [string, Field] => [
      name,
      { value: list[0] as string, ...(list.length > 1 && { multiValue: list.map((value) => ({ value })) }) },
    ]),
  );
}

/** What CloudFront makes of a request. */
export function eventOf(asked: Asked): EdgeRun {
  const made = run(asked);
  made.event.request.querystring = parseQuery(asked.query ?? '');
  return made;
}
