/** The page and the guide say the same of every claim, because they say it with the same words. */
import { expect, it } from 'vitest';
import { CLAIM_FACTS, claimFact, HEADER_FACTS } from '../../../runtime/demo/site/claim-facts.ts';
import { read } from '../../repository/docs-blocks.ts';

const PAGE = 'docs/integration/claims.md';

/** Rows of the table below a heading, without its head. */
function rows(heading: string): string[] {
  const section = read(PAGE).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `'));
}

it('is the table of claims in the guide', () => {
  const told = CLAIM_FACTS.map(({ names, andOthers, type, set, meaning }) => {
    const name = [...names.map((one) => `\`${one}\``), ...(andOthers ? ['others'] : [])].join(', ');
    return `| ${name} | ${type} | ${set} | ${meaning} |`;
  });
  expect(rows('Claims')).toEqual(told);
});

it('is the table of header members in the guide', () => {
  expect(rows('Header')).toEqual(HEADER_FACTS.map(({ name, value }) => `| \`${name}\` | ${value} |`));
});

it('has a word on claims that nobody knows', () => {
  expect(claimFact('exp')?.names).toEqual(['exp']);
  expect(claimFact('made_up')?.meaning).toMatch(/^Ignored by the edge/);
});
