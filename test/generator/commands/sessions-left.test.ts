/** `revoke` where the table does not take everything, or is not there: what was not written is known. */
import { describe, expect, it } from 'vitest';
import { DENIED } from '../../helpers/aws/faults.ts';
import { OUTPUTS, operations } from '../../helpers/operations.ts';
import { codes, json, many, rows, writes } from './sessions-rows.ts';

const A = 'Ab0_-Ab0_-Ab0_-Ab0_-Ab';

describe('a table that does not take everything', () => {
  it('because it is busy gets the rest again', async () => {
    const ops = await operations();
    ops.aws.tables.unprocessed = 7;
    const ran = await ops.run(['revoke', ...many(30)]);
    expect([ran.code, rows(ops).length, writes(ops)]).toEqual([0, 30, 3]);
  });

  it('because it is busy for long is left alone, and what is not written is listed', async () => {
    const ops = await operations();
    const call = ops.aws.tables.call.bind(ops.aws.tables);
    ops.aws.tables.call = (operation, input) => {
      // One row of each batch, and in the end none.
      ops.aws.tables.unprocessed = 24;
      return call(operation, input);
    };
    const before = ops.now();
    const ran = await ops.run(['revoke', ...many(50), '--json']);
    const { revoked, left } = json(ran);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7913', 'EP7015']]);
    expect([...revoked].sort()).toEqual(rows(ops).sort());
    expect([...revoked, ...left].sort()).toEqual(many(50));
    expect(left.length).toBeGreaterThan(0);
    // It was patient: half a minute and more.
    expect(ops.now() - before).toBeGreaterThan(30);
    ops.aws.tables.call = call;
    expect((await ops.run(['revoke', ...many(50)])).code).toBe(0);
    expect(rows(ops)).toHaveLength(50);
  });

  it.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    'because of %s says to wait',
    async (code) => {
      const ops = await operations();
      ops.aws.faults.add({
        operation: 'BatchWriteItem',
        error: { code, message: 'slow down', status: 400 },
        times: 100,
      });
      const ran = await ops.run(['revoke', A, '--json']);
      expect([ran.code, codes(ran), json(ran).left]).toEqual([4, ['EP7913', 'EP7015'], [A]]);
      expect(json(ran).diagnostics[1].hint).toContain('Wait a minute');
    },
  );

  it('because permission ends half-way says which sessions are not written', async () => {
    const ops = await operations();
    const call = ops.aws.tables.call.bind(ops.aws.tables);
    let batches = 0;
    ops.aws.tables.call = (operation, input) => {
      if (++batches === 3) ops.aws.faults.add({ operation: 'BatchWriteItem', error: { ...DENIED }, times: 100 });
      return call(operation, input);
    };
    const ran = await ops.run(['revoke', ...many(200)]);
    expect(ran.code).toBe(4);
    const written = rows(ops);
    expect(written.length).toBeGreaterThanOrEqual(75);
    expect(written.length).toBeLessThan(200);
    expect(ran.stderr).toContain(
      `EP7913 ${200 - written.length} of 200 sessions were not written; ${written.length} were.`,
    );
    expect(ran.stderr).toContain('EP7014');
    const lines = ran.stdout.trim().split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${written.length} sessions {2}revoked until`));
    const left = lines.slice(1).map((line) => line.replace(/ {2}not written$/, ''));
    expect([...left, ...written].sort()).toEqual(many(200));
  });

  it('because somebody interrupts says what is left', async () => {
    const ops = await operations();
    const stop = new AbortController();
    const call = ops.aws.tables.call.bind(ops.aws.tables);
    let batches = 0;
    ops.aws.tables.call = (operation, input) => {
      if (++batches === 5) stop.abort();
      return call(operation, input);
    };
    const ran = await ops.run(['revoke', ...many(500), '--json'], { interrupted: stop.signal });
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7913']]);
    expect(json(ran).diagnostics[0].message).toMatch(/^Interrupted: \d+ of 500 sessions were not written/);
    expect(json(ran).left).toHaveLength(500 - rows(ops).length);
    expect(batches).toBeLessThan(12);
  });

  it('writes a row once, also when an answer is lost', async () => {
    const ops = await operations();
    ops.aws.faults.add({ operation: 'BatchWriteItem', error: 'reset', when: 'after' });
    expect([(await ops.run(['revoke', A])).code, rows(ops)]).toEqual([0, [A]]);
  });

  it('that was taken away is not taken for one that is empty', async () => {
    const ops = await operations({ outputs: { ...OUTPUTS, RevocationTable: 'gone' } });
    const ran = await ops.run(['revoke', A, '--json']);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7913', 'EP7018']]);
  });
});

it.each<[string, Parameters<typeof operations>[0]]>([
  ['nothing is deployed', { outputs: undefined }],
  ['an earlier version is deployed', { outputs: { KeysMachineArn: 'x' } }],
  ['an earlier version was generated', { declared: ['KeysMachineArn'] }],
])('sessions cannot be revoked where %s', async (_name, options) => {
  const ops = await operations(options);
  for (const argv of [
    ['revoke', A],
    ['unrevoke', A],
    ['sessions', 'list'],
    ['sessions', 'show', A],
  ]) {
    const ran = await ops.run([...argv, '--json']);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7901']]);
  }
  expect(ops.operations().filter((operation) => operation.startsWith('dynamodb:'))).toEqual([]);
});
