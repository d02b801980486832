/** What a viewer sees of an operator's commands: workflow, functions, stores and the text of the edge check, one after the other. */
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { type EdgeRun, runEdge } from '../../helpers/njs.ts';
import { type Operations, operations } from '../../helpers/operations.ts';
import { signToken } from '../../helpers/sign.ts';
import { AUDIENCE, STORE } from '../../runtime/base/keys-world.ts';
import { environment as base, edgeText, run, verdict } from '../../runtime/base/world.ts';

const SESSION = 's'.repeat(22);
const OTHER = 'o'.repeat(22);
const PATH = '/live/ch1/index.m3u8';
const LONG = 'l'.repeat(64);

const stream = (path: string, mode: 'enforce' | 'report' | 'off') => ({
  ...{ paths: [path], policy: 'viewer', mode, carriage: { in: 'path' as const } },
});
const environment = {
  ...base,
  name: 'dev',
  policies: { viewer: { lifetime: 14_400, session: true } },
  streams: { live: stream('/live/', 'enforce'), trial: stream('/trial/', 'report'), open: stream('/open/', 'off') },
};

describeWith(['njs'], 'at the edge', () => {
  let text: string;
  beforeAll(async () => {
    text = await edgeText(environment, { unmatched: 'refuse', log: 'refused', exposeReason: true });
  });

  /** A playback URL's path, signed with the key that signs now. */
  function issue(ops: Operations, { session = SESSION, path = PATH } = {}): string {
    const key = ops.keys.record().keys.find(({ state }) => state === 'signing') as {
      kid: string;
      sign: string;
      bind: string;
    };
    const iat = ops.now();
    const claims = { aud: AUDIENCE, iat, exp: iat + 3600, paths: ['/live/', '/trial/', '/open/'], ssn: session };
    return `/${signToken({ key, claims, session })}${path}`;
  }

  /** What the edge says, with the store as it is. */
  function verdicts(ops: Operations, ...uris: string[]): string[] {
    const store = ops.keys.keyValues.content(STORE);
    const state: EdgeRun['state'] = store.get('state') ?? null;
    const revoked = [...store.keys()];
    const asked = uris.map((uri) => run({ uri, now: ops.now(), state, revoked }));
    return runEdge(text, asked).map(verdict);
  }

  it('a revoked session is refused, others play, and it plays again when it is lifted', async () => {
    const ops = await operations();
    const uris = [issue(ops), issue(ops, { session: OTHER }), issue(ops, { session: LONG })];
    const plays = `pass ${PATH}`;
    expect(verdicts(ops, ...uris)).toEqual([plays, plays, plays]);
    // As people have them at hand.
    await ops.must(['revoke', `https://media.example.com${uris[0]}`, LONG]);
    expect(verdicts(ops, ...uris)).toEqual([plays, plays, plays]);
    await ops.follow();
    expect(verdicts(ops, ...uris)).toEqual(['410 session_revoked', plays, '410 session_revoked']);
    await ops.must(['unrevoke', SESSION]);
    await ops.follow();
    expect(verdicts(ops, ...uris)).toEqual([plays, plays, '410 session_revoked']);
  });

  it('tokens that are void are refused, and those issued since play', async () => {
    const ops = await operations();
    const old = issue(ops);
    ops.wait(60);
    await ops.must(['void', '--before', 'now', '--yes']);
    ops.wait(60);
    expect(verdicts(ops, old, issue(ops))).toEqual(['410 token_voided', `pass ${PATH}`]);
  });

  it('tokens of a killed key are refused, those of the key before it and of the next one play', async () => {
    const ops = await operations();
    const before = issue(ops);
    await ops.must(['keys', 'rotate', '--now']);
    const leaked = issue(ops);
    const [kid = ''] = ops.kids('signing');
    expect(verdicts(ops, before, leaked)).toEqual([`pass ${PATH}`, `pass ${PATH}`]);
    await ops.must(['keys', 'kill', kid, '--confirm', kid]);
    expect(verdicts(ops, before, leaked, issue(ops))).toEqual([`pass ${PATH}`, '401 key_unknown', `pass ${PATH}`]);
  });

  it('a mode stands in for those configured, but for off, until it ends', async () => {
    const ops = await operations();
    const [live, trial, open] = ['/live/a.ts', '/trial/a.ts', '/open/a.ts'];
    const configured = ['401 token_missing', `pass ${trial}`, `pass ${open}`];
    const seen = (): string[] => verdicts(ops, live ?? '', trial ?? '', open ?? '');
    expect(seen()).toEqual(configured);
    await ops.must(['mode', 'report', '--until', '1h', '--yes']);
    expect(seen()).toEqual([`pass ${live}`, `pass ${trial}`, `pass ${open}`]);
    await ops.must(['revoke', SESSION]);
    await ops.follow();
    expect(verdicts(ops, issue(ops))).toEqual([`pass ${PATH}`]);
    // What is refused in every mode.
    expect(verdicts(ops, '/live/../a.ts')).toEqual(['400 path_not_canonical']);
    await ops.must(['mode', 'enforce', '--until', '1h', '--yes']);
    expect(seen()).toEqual(['401 token_missing', '401 token_missing', `pass ${open}`]);
    ops.wait(3601);
    expect(seen()).toEqual(configured);
    await ops.must(['mode', 'report', '--until', '1h', '--yes']);
    await ops.must(['mode', 'off']);
    expect(seen()).toEqual(configured);
  });

  it('nobody is refused because of a rotation', async () => {
    const ops = await operations();
    const issued = [issue(ops)];
    for (let i = 0; i < 3; i++) {
      await ops.must(['keys', 'rotate', '--now']);
      issued.push(issue(ops));
    }
    expect(new Set(verdicts(ops, ...issued))).toEqual(new Set([`pass ${PATH}`]));
  });
});
