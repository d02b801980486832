/**
 * A deployment in motion (`keys-model.ts`) with the people who look after it: they make tokens void, put a mode in place, end
 * keys, edit records by hand, and see throttling. What they were promised must hold after every single call to AWS.
 */
import { handleKeys } from '../../../runtime/base/keys.ts';
import { type ModeOverride, STATE_KEY } from '../../../runtime/keys/state.ts';
import { Deployment } from './keys-model.ts';
import { ISSUER_RECORD, KEY_RECORD, STORE } from './keys-world.ts';

/** What two clocks may differ by; an override stays in the state that much longer. */
const CLOCKS = 240;
/** Nobody here needs more calls than this for one step. */
const ALL = 400;

type Doing = Parameters<Deployment['work']>[0];
export type Event = Exclude<Doing, 'begin'>;

export class Operated extends Deployment {
  /** Times that anybody asked for; no other may be in the state. */
  readonly #asked = new Set([0]);
  #highest = 0;
  /** The mode that was answered for last; `'unknown'` while somebody is at it. */
  #mode: ModeOverride | undefined | 'unknown';

  override work(event: Doing, skew: number): number {
    if (event !== 'begin' && event.step === 'mode') this.#mode = 'unknown';
    if (event !== 'begin' && event.step === 'void') this.#asked.add(event.before ?? 0);
    if (event !== 'begin' && event.step === 'kill' && event.kid !== undefined) this.killed.add(event.kid);
    return super.work(event, skew);
  }

  override async go(...call: Parameters<Deployment['go']>): Promise<void> {
    await super.go(...call);
    this.promises();
  }

  /** Throws when the edge state lacks something that an operator was told is done. */
  promises(): void {
    const { voidBefore, override } = this.world.state();
    if (voidBefore < Math.max(this.#highest, this.voidBefore)) throw new Error('"void before" was lowered or lost');
    if (!this.#asked.has(voidBefore)) throw new Error('"void before" is a time that nobody asked for');
    this.#highest = voidBefore;
    if (this.#mode === 'unknown') return;
    const isOver = (mode: ModeOverride | undefined): boolean =>
      mode === undefined || mode.until <= this.world.now + CLOCKS;
    if (isOver(this.#mode) ? !isOver(override) : JSON.stringify(override) !== JSON.stringify(this.#mode))
      throw new Error('the mode of an operator was lost');
  }

  /** Somebody begins when nobody else is at work, and stands still or dies after so many halves of calls. */
  async alone(event: Doing, { skew, halves, end }: { skew: number; halves: number; end: 'stand' | 'die' }) {
    await this.drain();
    this.work(event, skew);
    for (let i = 0; i < halves && (await this.isBusy()); i++) await this.go(0, 'on');
    if (end === 'die' && (await this.isBusy())) await this.go(0, 'crash');
  }

  /** Whether anybody waits for AWS, when all that can happen without it has happened. */
  async isBusy(): Promise<boolean> {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
    return this.waiting > 0;
  }

  /** Seconds that somebody with such a clock is told to wait until the spare may sign. */
  async wait(skew: number): Promise<number> {
    return (await handleKeys({ step: 'list' }, this.world.keeper({ skew })))?.wait ?? 0;
  }

  /** An operator puts a mode in place, or takes it away, while everybody else stands still. */
  async mode(wanted: ModeOverride | undefined): Promise<void> {
    await this.drain();
    await this.whole(wanted === undefined ? { step: 'mode', mode: 'off' } : { step: 'mode', ...wanted }, 0);
    this.#mode = wanted;
    this.promises();
  }

  /** A step while AWS answers nothing but "slow down" or "conflict": it must end, and leave nothing wrong. */
  async trouble(event: Doing, how: 'throttle' | 'conflict'): Promise<void> {
    await this.drain();
    this.work(event, 0);
    for (let i = 0; i < ALL && (await this.isBusy()); i++) await this.go(0, how);
    await this.drain();
  }

  /** Somebody edits the key record into nonsense: all steps refuse and nothing is written, until it is put back. */
  async nonsense(text: string, steps: readonly Event[]): Promise<void> {
    await this.drain();
    const { secrets, keyValues } = this.world;
    const right = secrets.current(KEY_RECORD) ?? '';
    const written = () => [keyValues.content(STORE).get(STATE_KEY), secrets.current(ISSUER_RECORD)].join();
    const before = written();
    secrets.edit(KEY_RECORD, text);
    for (const step of steps) {
      const code = await handleKeys(step, this.world.keeper()).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      if (!code?.startsWith('record_')) throw new Error(`a record of nonsense: ${code}`);
    }
    if (secrets.current(KEY_RECORD) !== text || written() !== before) throw new Error('nonsense was followed');
    secrets.edit(KEY_RECORD, right);
  }
}
