import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { startMinistack } from './ministack.ts';
import { describeWith } from './needs.ts';

describeWith(['ministack'], 'ministack', () => {
  it('answers on loopback only, has the account of the access key, and leaves nothing behind', async () => {
    const emulator = await startMinistack();
    const { port } = new URL(emulator.endpoint);
    try {
      const environment = emulator.environment({ account: '123456789012' });
      const sts = new STSClient({
        endpoint: environment.AWS_ENDPOINT_URL ?? '',
        region: 'us-east-1',
        credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'secret' },
      });
      expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
      const outside = Object.values(networkInterfaces())
        .flat()
        .find((at) => at?.family === 'IPv4' && !at.internal);
      if (outside !== undefined) await expect(fetch(`http://${outside.address}:${port}/`)).rejects.toThrow();
    } finally {
      await emulator.stop();
    }
    await expect(fetch(emulator.endpoint)).rejects.toThrow();
    expect(processesOf(port)).toEqual([]);
    expect(existsSync(emulator.folder)).toBe(false);
  });
});

function processesOf(port: string): string[] {
  return processes().filter((environment) => environment.includes(`GATEWAY_PORT=${port}\0`));
}

/** Environments of all processes that may be read; none where there is no /proc. */
function processes(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        return [readFileSync(`/proc/${id}/environ`, 'utf8')];
      } catch {
        return [];
      }
    });
}
