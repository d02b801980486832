/**
 * Zip archives whose bytes depend on their content alone, so that the digest of a function that did not change does not change, and nothing is
 * deployed. Four things would get in: order of files, dates, modes, and the system that made the archive.
 */
import { type Zippable, zipSync } from 'fflate';

/**
 * The zip format stores a date without a zone, and fflate fills it with the *local* year, month, day and hour of the `Date` it is given. A fixed
 * instant would thus give other bytes in Tokyo than in New York. This date is made from local parts instead: reading the same parts back gives
 * what went in, in every zone. Noon, because a clock change can swallow midnight; the year the format begins with.
 */
const localDate = (): Date => new Date(1980, 0, 1, 12, 0, 0);

/** Regular file, rw-r--r--; `os` 3 says that the mode is a Unix one. */
const MODE = { os: 3, attrs: (0o100644 << 16) >>> 0 };

/** Makes a zip of `files` (name → content). Names use forward slashes and stay inside the archive. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const names = Object.keys(files).sort();
  const mtime = localDate();
  const entries: Zippable = {};
  for (const name of names) {
    if (name === '' || /^\/|\\|(^|\/)\.{0,2}(\/|$)/.test(name))
      throw new Error(`not a name for a file in a zip: ${JSON.stringify(name)}`);
    entries[name] = [files[name] ?? new Uint8Array(), { ...MODE, mtime, level: 9 }];
  }
  return zipSync(entries);
}
