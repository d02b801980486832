/** Revocations while something else is in trouble. */
import { beforeEach, describe, expect, it } from 'vitest';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { TABLE } from './keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;
const key = (n: number): string => `r.${id(n)}`;

let world: RevocationsWorld;
beforeEach(() => {
  world = revocationsWorld();
});

describe('a queue that takes nothing', () => {
  const worker = () =>
    world.worker({
      waf: true,
      weather: {
        before: ({ service }) => {
          if (service === 'sqs') throw new AwsError('RequestThrottled', 'slow down');
        },
      },
    });

  it.each(['a record', 'a row'])('keeps no revocation waiting behind %s that is none', async (what) => {
    world.put({ session: id(1) });
    if (what === 'a row') world.tables.table(TABLE).set(id(0), { id: { S: id(0) } });
    const Records = [...(what === 'a record' ? [{}] : []), ...world.stream().reverse()];
    await expect(handleRevocations({ Records }, worker())).rejects.toThrow('slow down');
    expect(world.edge()).toEqual([key(1)]);
    expect(world.rules()).toEqual([id(1)]);
  });

  it('keeps no reconciliation from the rules', async () => {
    world.put({ session: id(1) });
    world.tables.table(TABLE).set(id(2), { id: { S: id(2) } });
    await expect(handleRevocations({ task: 'reconcile' }, worker())).rejects.toThrow('slow down');
    expect(world.rules()).toEqual([id(1)]);
  });
});
