/**
 * The published files are what their source says. After a change: `npx vitest run test/vectors/published.test.ts -u` (`-u` last), then
 * read the difference. Names and verdicts are a promise: within a major version cases are added, never changed.
 */
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';
import { files } from './source/files.ts';

describe('published vectors', () => {
  it.each(Object.entries(files))('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`${root}/test/vectors/${name}`);
  });
});
