/** `keys kill`: what it costs is said first, the key is named twice, and it is gone from the edge in the end. */
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../helpers/aws/errors.ts';
import { type Operations, operations, printed, terminal } from '../../helpers/operations.ts';
import { STORE } from '../../runtime/base/keys-world.ts';

const kidsAtTheEdge = ({ keys }: Operations): string[] => keys.state().keys.map(({ kid }) => kid);
const only = <T>([one]: T[]): T => one as T;

/** Lets writes to the KeyValueStore fail, until they may succeed again. */
function closeTheStore({ keys }: Operations): () => void {
  const { keeper } = keys;
  keys.keeper = (options) =>
    keeper({
      ...options,
      weather: {
        before: ({ operation }) => {
          if (operation === 'UpdateKeys') throw new AwsError('AccessDeniedException', 'no', { status: 403 });
        },
      },
    });
  return () => {
    keys.keeper = keeper;
  };
}

describe('keys kill', () => {
  it('takes a key from the edge, lets the spare sign, and makes another spare', async () => {
    const ops = await operations();
    const [kid, spare] = [only(ops.kids('signing')), only(ops.kids('spare'))];
    const asked = terminal(kid);
    const ran = await ops.run(['keys', 'kill', kid, '--env', 'dev'], asked);
    expect([ran.code, asked.questions]).toEqual([0, [`Type ${kid} to kill it: `]]);
    expect(ran.stdout).toMatch(new RegExp(`^Key ${kid} is gone\\. Key ${spare} signs\\.\ndev\n`));
    expect([ops.kids('gone'), ops.kids('signing')]).toEqual([[kid], [spare]]);
    expect(kidsAtTheEdge(ops)).toEqual([spare, only(ops.kids('spare'))]);
    expect(ops.asked).toEqual([{ command: 'list' }, { command: 'kill', kid }]);
  });

  it('says what it costs before it asks', async () => {
    const ops = await operations();
    const [kid, spare] = [only(ops.kids('signing')), only(ops.kids('spare'))];
    let before = '';
    const ran = await ops.run(['keys', 'kill', kid], {
      stderr: (text) => {
        before += text;
      },
      terminal: {
        columns: 80,
        ask: async () => {
          for (const text of [
            `Every token that ${kid} has signed is refused`,
            'need a new playback URL',
            `The spare ${spare} signs at once.`,
            `Issuers go on with ${kid} until they read their record again, at most 5 min`,
            'It cannot be taken back.',
          ])
            expect(before).toContain(text);
          return 'no';
        },
      },
    });
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(before).toContain('EP7306');
    expect(ops.asked).toEqual([{ command: 'list' }]);
  });

  it('of a spare or a retiring key says what little that costs', async () => {
    const ops = await operations();
    const spare = only(ops.kids('spare'));
    const one = await ops.must(['keys', 'kill', spare, '--confirm', spare]);
    expect(one.stderr).toContain(`${spare} is the spare: no token was ever signed with it.`);
    await ops.must(['keys', 'rotate', '--now']);
    const retiring = only(ops.kids('retiring'));
    const two = await ops.must(['keys', 'kill', retiring, `--confirm=${retiring}`]);
    expect(two.stderr).toContain('The key that signs now is not touched.');
    expect(two.stderr).not.toContain('Issuers go on');
    expect(kidsAtTheEdge(ops)).toHaveLength(2);
  });

  it('without a spare that is known everywhere says when something can be signed again', async () => {
    const ops = await operations();
    await ops.must(['keys', 'rotate', '--now']);
    const [kid, spare] = [only(ops.kids('signing')), only(ops.kids('spare'))];
    const early = await ops.must(['keys', 'kill', kid, '--confirm', kid]);
    expect(early.stderr).toMatch(new RegExp(`The spare ${spare} signs in 9 min; until then nothing can be signed`));
    // It does not sign yet, and nobody must think so.
    expect(early.stdout).toMatch(/^Key \w+ is gone\. Key \w+ signs from 2026-11-25 12:09:\d\d UTC \(in 9 min\)\.\n/);
    for (let i = 0; i < 3; i++) await ops.must(['keys', 'rotate', '--now']);
    expect(ops.kids('spare')).toEqual([]);
    const last = only(ops.kids('signing'));
    const none = await ops.must(['keys', 'kill', last, '--confirm', last]);
    expect(none.stderr).toContain(
      'There is no spare: a new key is made, and nothing can be signed until it is everywhere',
    );
    expect(none.stderr).toContain('`keys.propagation` and 4 min');
    expect(none.stdout).toMatch(/signs from .* \(in 9 min\)\./);
  });

  it('with --json asks for --confirm, and answers with what is now', async () => {
    const ops = await operations();
    const kid = only(ops.kids('signing'));
    const ran = await ops.run(['keys', 'kill', kid, '--confirm', kid, '--json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true, ended: true, signing: only(ops.kids('signing')) });
    const next = only(ops.kids('signing'));
    const nobody = await ops.run(['keys', 'kill', next, '--json']);
    expect([nobody.code, JSON.parse(nobody.stdout).diagnostics]).toMatchObject([
      1,
      [{ code: 'EP7024', hint: `Confirm it with --confirm=${next}.` }],
    ]);
    expect(ops.kids('signing')).toEqual([next]);
  });

  it('--no-wait returns once it has started, after the costs were said', async () => {
    const ops = await operations();
    const kid = only(ops.kids('signing'));
    const ran = await ops.run(['keys', 'kill', kid, '--confirm', kid, '--no-wait']);
    expect([ran.code, ran.stdout]).toEqual([0, 'Started. `edgepass keys list --env dev` shows what became of it.\n']);
    expect(ran.stderr).toContain('It cannot be taken back.');
  });

  it.each([
    ['another key in --confirm', ['aaaaaaaa', '--confirm', 'bbbbbbbb']],
    ['no id', []],
    ['two ids', ['aaaaaaaa', 'bbbbbbbb']],
    ['what is no id', [`${'a'.repeat(43)}`]],
  ])('takes %s for a mistake, and asks nothing of AWS', async (_name, argv) => {
    const ops = await operations();
    const ran = await ops.run(['keys', 'kill', ...argv]);
    expect([ran.code, ops.operations()]).toEqual([2, []]);
    expect(printed(ran)).not.toContain('a'.repeat(20));
  });

  it('takes ids that begin with a dash, also to confirm them', async () => {
    const ops = await operations();
    for (const [argv, id] of [
      [['-abcdefg', '--confirm', '-abcdefg'], '-abcdefg'],
      [['--confirm', '-abcdefg', '-abcdefg'], '-abcdefg'],
      [['--confirm=--abcdef', '--', '--abcdef'], '--abcdef'],
    ] as const) {
      const ran = await ops.run(['keys', 'kill', ...argv]);
      expect(ran.stderr).toContain(`EP7906 There is no key ${id}.`);
    }
  });

  it('of an unknown id changes nothing', async () => {
    const ops = await operations();
    const ran = await ops.run(['keys', 'kill', 'abcdefgh', '--confirm', 'abcdefgh']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('EP7906 There is no key abcdefgh.');
    expect(ops.asked).toEqual([{ command: 'list' }]);
  });

  it('is finished by the same command when it was cut off before the edge knew', async () => {
    const ops = await operations();
    const kid = only(ops.kids('signing'));
    const open = closeTheStore(ops);
    const cut = await ops.run(['keys', 'kill', kid, '--confirm', kid]);
    // Not "no live key has that id": it is still at the edge.
    expect([cut.code, ops.kids('gone'), kidsAtTheEdge(ops).includes(kid)]).toEqual([4, [kid], true]);
    expect(cut.stderr).toContain('EP7903 The workflow of the keys failed (AccessDeniedException)');
    open();
    const again = await ops.run(['keys', 'kill', kid]);
    expect([again.code, kidsAtTheEdge(ops).includes(kid)]).toEqual([0, false]);
    expect(again.stdout).toMatch(new RegExp(`^Key ${kid} was gone already; the edge was told again\\.\n`));
  });

  it('is finished by the next run of the workflow too', async () => {
    const ops = await operations();
    const kid = only(ops.kids('signing'));
    const open = closeTheStore(ops);
    await ops.run(['keys', 'kill', kid, '--confirm', kid]);
    open();
    expect(kidsAtTheEdge(ops)).toContain(kid);
    await ops.must(['keys', 'rotate']);
    expect(kidsAtTheEdge(ops)).not.toContain(kid);
    expect(kidsAtTheEdge(ops)).toHaveLength(2);
  });

  it('of all keys, in the order of the runbook, never leaves nothing to sign with', async () => {
    const ops = await operations();
    await ops.must(['keys', 'rotate', '--now']);
    const leaked = kidsAtTheEdge(ops);
    const kill = async (kid: string) => {
      const ran = await ops.must(['keys', 'kill', kid, '--confirm', kid]);
      expect(ran.stderr).not.toContain('nothing can be signed');
      const signing = ops.keys.record().keys.find(({ state }) => state === 'signing') as { signFrom: number };
      expect(signing.signFrom).toBeLessThanOrEqual(ops.now());
    };
    await kill(only(ops.kids('spare')));
    await kill(only(ops.kids('retiring')));
    ops.wait(540);
    await kill(only(ops.kids('signing')));
    expect(leaked.filter((kid) => kidsAtTheEdge(ops).includes(kid))).toEqual([]);
  });

  it('twice leaves everything as it is', async () => {
    const ops = await operations();
    const kid = only(ops.kids('signing'));
    await ops.must(['keys', 'kill', kid, '--confirm', kid]);
    const state = ops.keys.keyValues.content(STORE).get('state');
    expect((await ops.run(['keys', 'kill', kid])).code).toBe(0);
    expect(ops.keys.keyValues.content(STORE).get('state')).toBe(state);
  });
});
