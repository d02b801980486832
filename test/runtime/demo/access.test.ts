/** The door of the demo. */
import { expect, it } from 'vitest';
import { type AccessOptions, checkAccess, MAX_ATTEMPTS, refuseAccess } from '../../../runtime/demo/access.ts';
import { networkOfViewer } from '../../../runtime/demo/attempts.ts';

const CODE = 'the code of the day';

function door() {
  const wrong = new Map<string, number>();
  const attempts: AccessOptions['attempts'] = {
    count: async (network) => wrong.get(network) ?? 0,
    async add(network) {
      const times = (wrong.get(network) ?? 0) + 1;
      wrong.set(network, times);
      return times;
    },
  };
  const options = { code: async () => CODE, attempts };
  return { wrong, ask: (given: string, address = '203.0.113.9') => checkAccess(options, { given, address }) };
}

it('opens for the code and for nothing else', async () => {
  const { ask } = door();
  expect(await ask(CODE)).toBe('granted');
  for (const given of ['', 'x', CODE.slice(1), `${CODE} `, CODE.toUpperCase()])
    expect(await ask(given)).toBe('wrong-code');
});

it('counts wrong codes of a network, and then does not even look', async () => {
  const { ask, wrong } = door();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) expect(await ask('guess')).toBe('wrong-code');
  expect(await ask(CODE)).toBe('too-many-codes');
  expect(await ask('guess', '203.0.113.10')).toBe('wrong-code');
  expect([...wrong.values()]).toEqual([MAX_ATTEMPTS, 1]);
});

it('takes no code for no guess', async () => {
  const { ask, wrong } = door();
  await ask('');
  expect(wrong.size).toBe(0);
});

it('takes a /64 for one network, and all that is no address for another', () => {
  expect(networkOfViewer('2001:db8::1')).toBe(networkOfViewer('2001:db8:0:0:ffff::2'));
  expect(networkOfViewer('2001:db8:0:1::1')).not.toBe(networkOfViewer('2001:db8::1'));
  expect(networkOfViewer('203.0.113.9')).toBe('203.0.113.9');
  expect([networkOfViewer(''), networkOfViewer('203.0.113.9, 10.0.0.1')]).toEqual(['unknown', 'unknown']);
});

it('says no in the form of the API', () => {
  const { statusCode, headers, body } = refuseAccess('too-many-codes');
  expect([statusCode, headers['content-type'], headers['retry-after']]).toEqual([
    429,
    'application/problem+json',
    '300',
  ]);
  expect(JSON.parse(body)).toMatchObject({ type: '/problems/too-many-codes', status: 429 });
  expect(refuseAccess('wrong-code').statusCode).toBe(401);
});
