/** `requests.json`: the function that ships, under njs, and the reference verifier both give every verdict. */
import { describe, expect, it } from 'vitest';
import { describeWith } from '../helpers/needs.ts';
import { type EdgeResult, runEdge } from '../helpers/njs.ts';
import { differences, reference } from '../helpers/reference.ts';
import { edgeText } from '../runtime/base/world.ts';
import { REASONS } from './source/requests/ask.ts';
import { deployed, forwardedAs, outcomeOf, published, runOf } from './world.ts';

const { requests } = published.requests;
const NAMES = ['main', 'small'] as const;
const of = (name: (typeof NAMES)[number]) => requests.filter(({ deployment }) => deployment === name);
const settings = (name: (typeof NAMES)[number]) => deployed(published.deployments.deployments[name]);

describe('requests.json', () => {
  it('has every reason, a name only once, and a pass for every stream', () => {
    const names = requests.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const expected = requests.map((vector) => vector.expected);
    const refused = expected.flatMap((one) => (one.verdict === 'refuse' ? [one.reason] : []));
    expect([...new Set(refused)].sort()).toEqual(Object.keys(REASONS).sort());
    const opened = expected.flatMap((one) => (one.verdict === 'forward' ? [one.uri.split('/')[1]] : []));
    const streams = Object.values(published.deployments.deployments.main.streams).flatMap(({ paths }) => paths);
    const missing = streams.map((path) => path.split('/')[1]).filter((folder) => !opened.includes(folder));
    expect(missing).toEqual([]);
  });
});

describeWith(['njs'], 'the edge function', () => {
  it.each(NAMES)('gives every verdict of the deployment %s', async (name) => {
    const results = runEdge(await edgeText(...settings(name)), of(name).map(runOf));
    const given = of(name).map((vector, i) => [vector.name, outcomeOf(vector, results[i] as EdgeResult)]);
    expect(given).toEqual(of(name).map((vector) => [vector.name, vector.expected]));
  });
});

describe('the reference verifier', () => {
  it.each(NAMES)('gives every verdict of the deployment %s', (name) => {
    const check = reference(...settings(name));
    const given = of(name).map((vector) => {
      const { outcome, status, reason, forwarded } = check(runOf(vector));
      if (forwarded !== undefined) return [vector.name, forwardedAs(vector, forwarded, reason || undefined)];
      return [
        vector.name,
        outcome === 'answered' ? { verdict: 'answer', status } : { verdict: 'refuse', status, reason },
      ];
    });
    expect(given).toEqual(of(name).map((vector) => [vector.name, vector.expected]));
  });
});

describeWith(['njs'], 'edge function and reference verifier', () => {
  it.each(NAMES)('differ in nothing in the deployment %s', async (name) => {
    const runs = of(name).map(runOf);
    const check = reference(...settings(name));
    const results = runEdge(await edgeText(...settings(name)), runs);
    const found = runs.map((run, i) => [of(name)[i]?.name, differences(check(run), results[i] as EdgeResult)]);
    expect(found.filter(([, list]) => list?.length !== 0)).toEqual([]);
  });
});
