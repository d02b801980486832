/** What the page of a site names, and what it must not have. */
import type { Diagnostic } from '../report/diagnostic.ts';

/** Files beside the page that it loads: attributes that begin with `./`. */
export function references(page: string): string[] {
  return [...new Set([...page.matchAll(/\s(?:src|href)="(\.\/[^"]+)"/g)].map(([, reference = '']) => reference))];
}

/**
 * Forms that a strict content security policy refuses, so that the page would be dead or bare in the browser and nowhere
 * else. Source: Content Security Policy Level 3, W3C, "script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr".
 */
const REFUSED: readonly { form: RegExp; what: string }[] = [
  { form: /<script\b(?![^>]*\ssrc=)[^>]*>/gi, what: 'a script without `src`' },
  { form: /<style\b/gi, what: 'an element `style`' },
  { form: /\sstyle=/gi, what: 'an attribute `style`' },
  { form: /<[a-z][^<>]*\son[a-z]+=/gi, what: 'an event handler in an attribute' },
  { form: /\s(?:src|href)="javascript:/gi, what: 'an address with script in it' },
  {
    form: /<(?:script|link|img|iframe|source|track|video|audio|object|embed)\b[^>]*\s(?:src|href|data)="(?:https?:)?\/\//gi,
    what: 'something that is loaded from elsewhere',
  },
];

/** Faults in the page at `file`. */
export function pageFaults(page: string, file: string): Diagnostic[] {
  const comments = page.replace(/<!--[\s\S]*?-->/g, (text) => text.replace(/[^\n]/g, ' '));
  return REFUSED.flatMap(({ form, what }) =>
    [...comments.matchAll(form)].map((match): Diagnostic => {
      const before = page.slice(0, match.index).split('\n');
      return {
        code: 'EP3021',
        severity: 'error',
        message: `The page has ${what}.`,
        hint: 'Put it into a file beside the page, and name it with a path that begins with `./`.',
        place: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
      };
    }),
  );
}
