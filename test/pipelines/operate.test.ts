/** The workflows `rotate` and `revoke`: every step, what is done, and that nothing that was pasted is in any log. */
import { describe, expect, it } from 'vitest';
import type { JobRun } from '../helpers/github/workflow.ts';
import { type OperatedEnvironment, OUTPUTS, operatedEnvironment } from '../helpers/operated-environment.ts';
import { signToken, testKey } from '../helpers/sign.ts';
import { PATIENCE, type World, world } from './world.ts';

const DAY = 86_400;
const A = 'a'.repeat(22);
const B = 'b'.repeat(22);
const ROLE = 'arn:aws:iam::111111111111:role/edgepass/edgepass-acme-dev-operate';

const tokenOf = (ssn: string): string => {
  const claims = { aud: 'acme/dev', iat: 1, exp: 2, paths: ['/live/'], ssn };
  return signToken({ key: testKey('k'), claims, session: ssn });
};
/** What must not be in a log: a whole token, its signature, a key. */
const SECRETS = [tokenOf(A), tokenOf(A).split('.').at(-1) ?? '', testKey('leaked').sign];
const URL = `https://media.example.com/${tokenOf(A)}/live/index.m3u8`;

interface Operated extends World, OperatedEnvironment {}

async function operated(): Promise<Operated> {
  const made = await world();
  let offset = -DAY;
  const now = (): number => Math.floor(Date.now() / 1000) + offset;
  const wait = (seconds: number): void => {
    offset += seconds;
  };
  return { ...made, ...(await operatedEnvironment(made.aws, { outputs: OUTPUTS, now, wait })) };
}

const results = ({ asked, done }: Record<'asked' | 'done', JobRun>): string[] => [asked.result, done.result];
const everything = ({ asked, done }: Record<'asked' | 'done', JobRun>): string =>
  [asked, done].map(({ log, summary }) => log + summary).join('\n');
const only = <T>([one]: T[]): T => one as T;
const sessions = ({ table }: Operated): string[] =>
  [...table.items].flatMap(([id, item]) => (id === 'control' ? [] : [`${id} ${item.state?.S} ${item.reason?.S}`]));

describe('rotate', { timeout: PATIENCE }, () => {
  it('shows the keys, rotates, and removes a leaked key, in the environment and with its role', async () => {
    const one = await operated();
    const [kid, spare] = [only(one.kids('signing')), only(one.kids('spare'))];
    const list = await one.byHand('rotate', { action: 'list' });
    expect(results(list), everything(list)).toEqual(['success', 'success']);
    expect([list.asked.roles, list.done.roles]).toEqual([[], [ROLE]]);
    expect(list.asked.summary).toBe('### Asked for\n\n    show the keys\n\n');
    expect(list.done.summary).toContain(`### Done\n\n    dev\n    key       state`);
    expect(list.done.summary).toContain(kid);

    const rotated = await one.byHand('rotate', { action: 'rotate', kid: '', before: ' ' });
    expect(results(rotated), everything(rotated)).toEqual(['success', 'success']);
    expect(rotated.done.log).toContain(`Key ${spare} signs now.`);
    expect(one.kids('signing')).toEqual([spare]);

    const killed = await one.byHand('rotate', { action: 'kill', kid: spare });
    expect(results(killed), everything(killed)).toEqual(['success', 'success']);
    expect(killed.asked.summary).toContain(`remove key ${spare}; every token that it has signed is refused`);
    // What it costs is in the log, above what was done.
    expect(killed.done.log).toMatch(/It cannot be taken back\.[\s\S]*Key \w+ is gone\./);
    expect(one.kids('gone')).toEqual([spare]);
    expect(one.asked.filter((input) => !('command' in input && input.command === 'list'))).toEqual([
      { command: 'rotate' },
      { command: 'kill', kid: spare },
    ]);
  });

  it('makes tokens void, sets a mode and ends it', async () => {
    const one = await operated();
    const done = async (inputs: Record<string, string>): Promise<void> => {
      const ran = await one.byHand('rotate', inputs);
      expect(results(ran), everything(ran)).toEqual(['success', 'success']);
    };
    await done({ action: 'void', before: '10m ago' });
    expect(Date.now() / 1000 - one.keys.state().voidBefore).toBeGreaterThan(590);
    await done({ action: 'mode report', until: '2h' });
    expect(one.keys.state().override?.mode).toBe('report');
    await done({ action: 'mode off' });
    expect(one.keys.state().override).toBeUndefined();
  });

  it('fails with what the workflow of the keys says', async () => {
    const one = await operated();
    one.replace({
      run: () => ({ error: 'KeysRefusal.too_many_keys', cause: '{"errorMessage":"All five keys are live."}' }),
    });
    const ran = await one.byHand('rotate', { action: 'rotate' });
    expect(results(ran)).toEqual(['success', 'failure']);
    expect(ran.done.log).toMatch(/::error title=EP7902::.*too_many_keys/);
    expect(ran.done.summary).toBe('');
  });

  it.each<[string, Record<string, string>]>([
    ['a token as an id', { action: 'kill', kid: tokenOf(A) }],
    ['a key as an id', { action: 'kill', kid: testKey('leaked').sign }],
    ['a playback URL as a time', { action: 'void', before: URL }],
    ['a token as an end', { action: 'mode report', until: tokenOf(A) }],
    ['a key in a field of another action', { action: 'rotate', kid: testKey('leaked').sign }],
    ['a token as an action', { action: tokenOf(A) }],
  ])('prints nothing of %s, and stops before anybody is asked to approve', async (_name, inputs) => {
    const one = await operated();
    const ran = await one.byHand('rotate', inputs);
    expect(results(ran)).toEqual(['failure', 'skipped']);
    expect(everything(ran)).toContain('::error::');
    expect(SECRETS.filter((secret) => everything(ran).includes(secret))).toEqual([]);
    expect(one.asked).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['a shell', { action: 'kill', kid: '$(touch hacked)' }],
    ['an option', { action: 'void', before: '--yes' }],
    ['a line', { action: 'mode enforce', until: '2h\n::warning::x' }],
    ['nothing', { action: 'kill' }],
    ['a member of every object', { action: 'constructor' }],
  ])('takes %s for a mistake', async (_name, inputs) => {
    const one = await operated();
    const ran = await one.byHand('rotate', inputs);
    expect([results(ran), one.asked]).toEqual([['failure', 'skipped'], []]);
    expect(everything(ran)).not.toContain('::warning::');
  });

  it('does nothing in a repository without AWS, and in no environment that there is not', async () => {
    const one = await operated();
    expect(results(await one.byHand('rotate', { action: 'list' }, {}))).toEqual(['skipped', 'skipped']);
    const other = await one.byHand('rotate', { action: 'list', environment: 'prod' });
    expect(results(other)).toEqual(['failure', 'skipped']);
    expect(one.asked).toEqual([]);
  });
});

describe('revoke', { timeout: PATIENCE }, () => {
  it('revokes ids, URLs and tokens, lets them play again, and names none of them', async () => {
    const one = await operated();
    const ran = await one.byHand('revoke', {
      action: 'revoke',
      sessions: `${URL}, ${B}\t${tokenOf(A)}`,
      reason: 'ticket 42',
    });
    expect(results(ran), everything(ran)).toEqual(['success', 'success']);
    expect(ran.done.roles).toEqual([ROLE]);
    expect(sessions(one)).toEqual([`${A} revoked ticket 42`, `${B} revoked ticket 42`]);
    expect(ran.asked.summary).toBe('### Asked for\n\n    revoke 3 sessions\n\n');
    expect(ran.done.summary).toMatch(/### Done\n\n {4}2 sessions revoked until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n/);
    const log = everything(ran);
    expect([...SECRETS, A, B, 'ticket 42'].filter((text) => log.includes(text))).toEqual([]);

    const lifted = await one.byHand('revoke', { action: 'unrevoke', sessions: URL });
    expect(results(lifted), everything(lifted)).toEqual(['success', 'success']);
    expect(lifted.done.summary).toContain('1 session lifted');
    expect(sessions(one)[0]).toBe(`${A} lifted ticket 42`);
  });

  it('takes many sessions', async () => {
    const one = await operated();
    const many = Array.from({ length: 2_000 }, (_, i) => `session-${String(i).padStart(14, '0')}`);
    const ran = await one.byHand('revoke', { action: 'revoke', sessions: many.join(' ') });
    expect([results(ran), sessions(one).length]).toEqual([['success', 'success'], 2_000]);
    expect(ran.done.log).toContain('2000 sessions revoked');
  });

  it.each<[string, Record<string, string>]>([
    ['something that is no session', { sessions: `${A} ${testKey('leaked').sign}.x` }],
    ['a reason with a token in it', { sessions: A, reason: `see ${URL}` }],
    ['a reason that is too long', { sessions: A, reason: 'x'.repeat(201) }],
  ])('writes nothing and prints nothing of %s', async (_name, inputs) => {
    const one = await operated();
    const ran = await one.byHand('revoke', { action: 'revoke', ...inputs });
    expect([results(ran), sessions(one)]).toEqual([['success', 'failure'], []]);
    expect([...SECRETS, A, 'xxxx'].filter((text) => everything(ran).includes(text))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['no session', { action: 'revoke', sessions: ' , ' }],
    ['a comment', { action: 'revoke', sessions: `#${A}` }],
    ['a reason for lifting', { action: 'unrevoke', sessions: A, reason: 'x' }],
    ['another action', { action: 'sessions', sessions: A }],
  ])('takes %s for a mistake, before anybody is asked to approve', async (_name, inputs) => {
    const one = await operated();
    const ran = await one.byHand('revoke', inputs);
    expect([results(ran), sessions(one)]).toEqual([['failure', 'skipped'], []]);
    expect(everything(ran)).not.toContain(A);
  });

  it('says how many are unknown or left, and names none', async () => {
    const one = await operated();
    const unknown = await one.byHand('revoke', { action: 'unrevoke', sessions: `${A} ${B}` });
    expect(results(unknown)).toEqual(['success', 'failure']);
    expect(unknown.done.log).toContain('2 sessions unknown to the revocation table');
    const error = { code: 'AccessDeniedException', message: 'not authorized', status: 400 };
    one.aws.faults.add({ operation: 'BatchWriteItem', error, times: 10 });
    const left = await one.byHand('revoke', { action: 'revoke', sessions: `${A} ${B}` });
    expect(results(left)).toEqual(['success', 'failure']);
    expect(left.done.log).toContain('2 sessions not written: run it again with the same input');
    expect(left.done.log).toContain('::error title=EP7014::');
    expect(
      [A, B].filter((session) => everything(unknown).includes(session) || everything(left).includes(session)),
    ).toEqual([]);
  });
});

it('a value in the environment of a step would be seen by these tests', async () => {
  const one = await world();
  const { log } = await one.job('deploy.yml', 'environments', {
    github: { event_name: 'workflow_dispatch', repository: 'acme/video', event: {} },
    vars: { EDGEPASS_AWS: 'true', EDGEPASS_ROLES: '{"dev": {"plan": "arn:aws:iam::111111111111:role/shown"}}' },
  });
  expect(log).toContain('  EDGEPASS_ROLES: {"dev": {"plan": "arn:aws:iam::111111111111:role/shown"}}');
}, 60_000);
