/** The guides as the tests see them: fenced blocks, links, headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../helpers/config.ts';

export interface Block {
  page: string;
  line: number;
  /** What stands behind the fence: `yaml`, `js renewal`, `yaml warns=EP1207`. */
  info: string;
  text: string;
}

/** Markdown files below a folder, and the README, relative to the repository. */
export function pages(folder: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return found.sort();
}

export const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Codes of the issuing library's errors, as its source has them. */
export function issuerCodes(): string[] {
  const [, type = ''] = /export type IssueErrorCode =([\s\S]+?';)$/m.exec(read('runtime/issuer/issue-error.ts')) ?? [];
  const codes = [...type.matchAll(/\| '(\w+)'/g)].map(([, code = '']) => code);
  if (codes.length < 30) throw new Error(`${codes.length} codes were found: does the type still look like that?`);
  return codes;
}

/** Fenced blocks of a page, in order. A fence that is never closed is an error. */
export function blocks(page: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of read(page).split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) {
      if (open) open.text += `${line}\n`;
    } else if (open) {
      found.push(open);
      open = undefined;
    } else open = { page, line: index + 1, info: fence[1] as string, text: '' };
  }
  if (open) throw new Error(`${page}:${open.line}: the block is never closed`);
  return found;
}

/** Text of a page without what stands in fences and code spans. */
function prose(page: string): string {
  return read(page)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/``.*?``|`[^`\n]*`/g, '');
}

/** Relative links of a page: file relative to the repository, and anchor. */
export function links(page: string): { target: string; anchor: string | undefined }[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] as string)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path, anchor] = link.split('#') as [string, string?];
      return { target: path === '' ? page : join(dirname(page), path), anchor };
    });
}

/** Anchors of a page, as GitHub makes them of headings. */
export function anchors(page: string): string[] {
  const headings = read(page)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** A whole configuration around the sections that a snippet shows. */
export function wholeConfig(snippet: string): string {
  const sections = parse(snippet) as { policies?: Record<string, unknown>; streams?: unknown };
  const policy = Object.keys(sections.policies ?? { subscriber: {} })[0];
  return stringify({
    project: 'acme-video',
    origins: { packager: { domain: 'origin.example.com' } },
    policies: { subscriber: { lifetime: '4h' } },
    streams: { live: { paths: ['/live/'], policy } },
    ...sections,
    environments: { prod: { account: '111111111111', region: 'eu-west-1' } },
  });
}

/** A block of JavaScript as a module. */
export async function moduleOf<T>(text: string): Promise<T> {
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as T;
}

/** The one block of a guide with this info. */
export function sample(page: string, info: string): string {
  const found = blocks(`docs/integration/${page}`).filter((block) => block.info === info);
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks "${info}"`);
  return (found[0] as Block).text;
}
