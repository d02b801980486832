import { describe, expect, it } from 'vitest';
import { adoptions } from '../../../templates/base/adoptions.ts';

describe('what base takes from solution.context.json', () => {
  it.each([
    ['100', 100],
    [1500, 1500],
    ['2', 50],
    ['99999', 4900],
  ])('makes a rule group of the capacity %j', (wcu, wafCapacity) => {
    expect(adoptions({ main: { wcu } })).toMatchObject([
      { from: 'main.wcu', settings: { 'revocation.waf': true, 'revocation.wafCapacity': wafCapacity } },
    ]);
  });

  it.each(['many', '', -3, 1.5, null, {}, [5], 'NaN'])('makes none of the capacity %j', (wcu) => {
    const [found] = adoptions({ main: { wcu } });
    expect(found?.from).toBe('main.wcu');
    expect(found?.settings).toBeUndefined();
  });

  it('leaves host names to whoever knows whether the distribution is to stay', () => {
    const file = { hls: { hostname: 'https://a.example.com' }, dash: { url_path: '/b' } };
    expect(adoptions(file)).toMatchObject([{ from: 'hls.hostname', hint: expect.stringContaining('attach') }]);
    expect(adoptions(file)[0]?.settings).toBeUndefined();
  });

  it.each([{}, { main: null }, { main: [], hls: 'x' }])('has nothing to say about %j', (file) => {
    expect(adoptions(file)).toEqual([]);
  });
});
