/**
 * `docs/deploy.cast`: two deployments as somebody at a terminal sees them, in the format of asciinema. Recorded from the
 * commands themselves against the in-memory AWS; only time is made up. After a change of the display:
 * `UPDATE_DOCS=1 npx vitest run test/generator/commands/recording.test.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Io } from '../../../generator/commands/command.ts';
import { root } from '../../helpers/config.ts';
import { deployment, EDGE } from '../../helpers/deployment.ts';

const WIDTH = 110;
const HEIGHT = 30;
const FILE = join(root, 'docs/deploy.cast');

type Shown = [seconds: number, kind: 'o', text: string];

/** What stands on the terminal in the end, without durations: stacks that are deployed at once take turns as they come. */
function screen(cast: string): string[] {
  const [, ...events] = cast
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Shown);
  let lines = [''];
  let at = 0;
  for (const [, , text] of events) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a terminal obeys
    for (const [part, count, code] of text.matchAll(/\x1b\[(\d*)([A-Za-z])|\r\n|[^\x1b\r\n]+/g)) {
      if (part === '\r\n') at++;
      else if (code === 'A') at -= Number(count);
      else if (code === 'K') lines[at] = '';
      else if (code === 'J') lines = lines.slice(0, at);
      else if (code === undefined) lines[at] = `${lines[at] ?? ''}${part}`;
    }
  }
  return lines.map((line) => line?.replace(/\b\d+:\d\d\b/g, '0:00') ?? '');
}

it('records the display of a deployment, and of one that fails', async () => {
  // The display moves its clock by itself; here the pictures are those of what happened.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const made = await deployment({}, { stepsPerPoll: 1 });
  const started = made.clock.now().getTime();
  const events: Shown[] = [];
  const show = (text: string): void => {
    const seconds = (made.clock.now().getTime() - started) / 1000;
    events.push([seconds, 'o', text.replaceAll('\n', '\r\n')]);
  };
  const terminal: Partial<Io> = {
    color: true,
    stdout: show,
    stderr: show,
    terminal: {
      columns: WIDTH,
      ask: async (question) => {
        show(question);
        await made.clock.sleep(2000);
        show('yes\n');
        return 'yes';
      },
    },
  };
  const typed = async (command: string): Promise<number> => {
    show('$ ');
    await made.clock.sleep(1000);
    show(`${command}\n`);
    const { code } = await made.run(command.split(' ').slice(1), terminal);
    await made.clock.sleep(3000);
    return code;
  };
  await made.output();
  expect(await typed('edgepass deploy --env dev')).toBe(0);
  expect(await typed('edgepass deploy --env dev')).toBe(0);
  await made.output({ rules: 'sessions that were revoked' });
  made.aws.cloudformation(EDGE).failNext({
    stack: 'acme-dev-base-edge',
    resource: 'RevocationRules',
    phase: 'update',
    reason: 'Resource handler returned message: "WAFLimitsExceededException: too many rules"',
  });
  expect(await typed('edgepass deploy --env dev')).toBe(4);

  const head = { version: 2, width: WIDTH, height: HEIGHT, title: 'edgepass deploy' };
  const lines = [head, ...events].map((line) => JSON.stringify(line));
  const cast = `${lines.join('\n')}\n`;
  expect(cast).toContain('RevocationRules');
  expect(cast).toContain('\\u001b[2K');
  expect(cast).toContain('too many rules');
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, cast);
  expect(screen(readFileSync(FILE, 'utf8'))).toEqual(screen(cast));
});
